"""Which URLs the patched server asks for a list of models, and which it refuses. Pure.

The same decisions as `urls.js` of the dynamic-models patch, as far as they can be made without
asking the DNS.
"""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

_PORTS = {"http": 80, "https": 443}
_PRIVATE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
)
_NAT64 = "64:ff9b::/96"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Policy(Struct, frozen=True):
    """What the administrator allows."""

    allow_http: tuple[str, ...] = ()
    """`host` or `host:port`, lower case: DYNAMIC_MODELS_ALLOW_HTTP."""
    https_only: bool = False


class Target(Struct, frozen=True):
    """Where a URL leads."""

    scheme: str
    host: str
    """Lower case, IPv6 in brackets, as DYNAMIC_MODELS_ALLOW_HTTP writes it."""
    port: int | None
    """None when the URL does not name one."""

    @property
    def entry(self) -> str:
        """The entry of DYNAMIC_MODELS_ALLOW_HTTP that allows it."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def target_of(url: str) -> Target | None:
    """The parts of an http or https URL; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or any(c in " \\^|" for c in parts.netloc):
        return None
    return Target(parts.scheme, _host(parts), None if port == _PORTS[parts.scheme] else port)


def _host(parts: SplitResult) -> str:
    name = str(parts.hostname)
    if ":" in name:
        return f"[{name}]"
    number = _numeric(name)
    return str(number) if number else name


def refuses(target: Target, policy: Policy) -> bool:
    """Whether the server refuses to fetch from a URL of librechat.yaml.

    A name without a dot, or below .internal or .local, is taken to be private, as it is in a
    compose network; the server looks at the address it connects to.
    """
    if target.scheme == "https":
        return False
    if policy.https_only:
        return True
    return not is_listed(target, policy.allow_http) and not is_private_host(target.host)


def is_listed(target: Target, entries: Collection[str]) -> bool:
    """Whether `host` or `host:port` is among the entries."""
    port = target.port or _PORTS[target.scheme]
    return target.host in entries or f"{target.host}:{port}" in entries


def is_private_host(host: str) -> bool:
    """Whether a host is private by its address, or a name that the public DNS cannot have."""
    bare = host.strip("[]").rstrip(".")
    address = _address(bare)
    if address is not None:
        return is_private(address)
    return "." not in bare or bare.endswith((".internal", ".local"))


def is_private(address: Address) -> bool:
    """Loopback, RFC 1918, RFC 6598 and unique local addresses, also inside IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or _unwrapped(address)
    return any(address in ipaddress.ip_network(network) for network in _PRIVATE)


def _unwrapped(address: ipaddress.IPv6Address) -> Address:
    if address in ipaddress.ip_network(_NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _numeric(host)


def _numeric(host: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address in the short, decimal, octal and hexadecimal forms that URLs allow."""
    parts = host.rstrip(".").split(".")
    try:
        numbers = [_number(p) for p in parts]
    except ValueError:
        return None
    *bytes_, last = numbers
    if len(parts) > 4 or any(n > 255 for n in bytes_) or last >= 256 ** (5 - len(parts)):
        return None
    value = last + sum(n << 8 * (3 - i) for i, n in enumerate(bytes_))
    return ipaddress.IPv4Address(value)


def _number(text: str) -> int:
    if text.lower().startswith("0x"):
        if not all(c in string.hexdigits for c in text[2:]):
            raise ValueError(text)  # `int` would take a sign, too
        return int(text[2:] or "0", 16)
    if not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)
