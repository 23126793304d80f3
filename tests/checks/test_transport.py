"""Which URLs are asked: hosts, ports and addresses, without a server to compare with."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from patcher.checks.transport import (
    Policy,
    Target,
    is_listed,
    is_private,
    is_private_host,
    refuses,
    target_of,
)


@pytest.mark.parametrize(
    ("url", "target", "entry"),
    [
        (" HTTP://A.Example/v1 ", Target("http", "a.example", None), "a.example"),
        ("http://a.example:80", Target("http", "a.example", None), "a.example"),
        ("https://a.example:443", Target("https", "a.example", None), "a.example"),
        ("https://a.example:80", Target("https", "a.example", 80), "a.example:80"),
        ("http://a.example:443", Target("http", "a.example", 443), "a.example:443"),
        ("http://u:p@a.example:1/x", Target("http", "a.example", 1), "a.example:1"),
        ("http://[::1]:4000", Target("http", "[::1]", 4000), "[::1]:4000"),
        ("http://0x7f.1", Target("http", "127.0.0.1", None), "127.0.0.1"),
        ("http://017700000001", Target("http", "127.0.0.1", None), "127.0.0.1"),
        ("http://2130706433.", Target("http", "127.0.0.1", None), "127.0.0.1"),
        ("http://1.2.772", Target("http", "1.2.3.4", None), "1.2.3.4"),
        ("http://0x", Target("http", "0.0.0.0", None), "0.0.0.0"),
        ("http://0X0A.0.0.0", Target("http", "10.0.0.0", None), "10.0.0.0"),
        ("http://256.1.1.1", Target("http", "256.1.1.1", None), "256.1.1.1"),
        ("http://255.1.1.1", Target("http", "255.1.1.1", None), "255.1.1.1"),
        ("http://1.2.3.256", Target("http", "1.2.3.256", None), "1.2.3.256"),
        ("http://4294967295", Target("http", "255.255.255.255", None), "255.255.255.255"),
        ("http://4294967296", Target("http", "4294967296", None), "4294967296"),
        ("http://1.2.3.4.5", Target("http", "1.2.3.4.5", None), "1.2.3.4.5"),
        ("http://09.1", Target("http", "09.1", None), "09.1"),
        ("http://0x-1", Target("http", "0x-1", None), "0x-1"),
        ("http://0x-1.1.1.1", Target("http", "0x-1.1.1.1", None), "0x-1.1.1.1"),
        ("http://0x1_0", Target("http", "0x1_0", None), "0x1_0"),
        ("http://\u0661", Target("http", "\u0661", None), "\u0661"),
    ],
)
def test_where_a_url_leads(url: str, target: Target, entry: str) -> None:
    assert target_of(url) == target
    assert target.entry == entry


@pytest.mark.parametrize(
    "url",
    [
        "", "a", "ftp://a", "//a", "http://", "http:///a", "http://a:x", "http://a:65536",
        "http://[::1", "http://a b", "http://a\\b", "http://a^b", "http://a|b",
    ],
)  # fmt: skip
def test_what_leads_nowhere(url: str) -> None:
    assert target_of(url) is None


PRIVATE = [
    "127.0.0.0", "127.255.255.255", "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
    "192.168.0.0", "192.168.255.255", "100.64.0.0", "100.127.255.255", "::1", "fc00::",
    "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
]  # fmt: skip
PUBLIC = [
    "126.255.255.255", "128.0.0.0", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "192.169.0.0", "100.63.255.255", "100.128.0.0", "::", "::2",
    "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    "64:ff9b:0:0:0:1:a00:1", "fe80::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert is_private(ip_address(address))
    assert is_private_host(f"[{address}]" if ":" in address else address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert not is_private(ip_address(address))
    assert not is_private_host(f"[{address}]" if ":" in address else address)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("litellm", True), ("litellm.", True), ("a.internal", True), ("a.local.", True),
        ("internal", True), ("a.example", False), ("notinternal.example", False),
        ("xlocal.test", False), ("127.1", True), ("8.8", False), ("[fc00::1%eth0]", True),
        ("127.0.0.1.", True),
    ],
)  # fmt: skip
def test_private_names(host: str, private: bool) -> None:
    assert is_private_host(host) is private


def test_a_host_is_listed_with_or_without_its_port() -> None:
    plain, odd = Target("http", "a.example", None), Target("http", "a.example", 81)
    assert is_listed(plain, ["a.example"]) and is_listed(plain, ["a.example:80"])
    assert is_listed(odd, ["a.example"]) and is_listed(odd, ["a.example:81"])
    assert not is_listed(odd, ["a.example:80"]) and not is_listed(plain, ["b.example"])
    assert is_listed(Target("https", "a.example", None), ["a.example:443"])


@pytest.mark.parametrize(
    ("target", "policy", "refused"),
    [
        (Target("https", "a.example", None), Policy((), https_only=True), False),
        (Target("http", "litellm", None), Policy(), False),
        (Target("http", "litellm", None), Policy(("litellm",), https_only=True), True),
        (Target("http", "a.example", None), Policy(), True),
        (Target("http", "a.example", None), Policy(("a.example",)), False),
        (Target("http", "litellm", None), Policy(("a.example",)), False),
    ],
)
def test_what_the_server_refuses(target: Target, policy: Policy, refused: bool) -> None:
    assert refuses(target, policy) is refused
