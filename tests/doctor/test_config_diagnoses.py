"""librechat.yaml judged alone: its text in, whole diagnoses out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from patcher.checks.transport import Policy
from patcher.definition.yaml import read_config
from patcher.doctor import config
from patcher.doctor.diagnosis import Diagnosis, Severity
from tests.doctor.documents import FILE, document, entry, judged, told

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


HERE = f"{FILE}:4 (LiteLLM)"
ENTRIES: Mapping[str, tuple[str, list[Diagnosis]]] = {
    "nothing wrong": (entry(), []),
    "keys of the administrator's": (entry(apiKey="sk-x", models="{ default: [a] }"), []),
    "the administrator's key over plain HTTP": (
        entry(apiKey="sk-x", baseURL="http://llm.example.com/v1"),
        [],
    ),
    "two keys missing": (
        entry(baseURL="", models=""),
        [
            Diagnosis(
                "endpoint-dropped", ERROR, HERE,
                "LibreChat leaves the endpoint out: it has no baseURL, models",
                "add to it: baseURL: https://llm.example.com/v1",
            )
        ],
    ),
    "no name": (
        entry(name=""),
        [
            Diagnosis(
                "endpoint-dropped", ERROR, f"{FILE}:4 (without a name)",
                "LibreChat leaves the endpoint out: it has no name",
                "add to it: name: LiteLLM",
            )
        ],
    ),
    "no key": (
        entry(apiKey=""),
        [
            Diagnosis(
                "endpoint-dropped", ERROR, HERE,
                "LibreChat leaves the endpoint out: it has no apiKey",
                "add to it: apiKey: user_provided",
            )
        ],
    ),
    "no models": (
        entry(models=""),
        [
            Diagnosis(
                "endpoint-dropped", ERROR, HERE,
                "LibreChat leaves the endpoint out: it has no models",
                "add to it: models: { default: [MODEL], fetch: true }",
            )
        ],
    ),
    "a name that is a number": (
        entry(name="7"),
        [
            Diagnosis(
                "endpoint-name", ERROR, f"{FILE}:4 (without a name)",
                "the name is no text, so LibreChat refuses the whole file",
                "name: provider-custom",
            )
        ],
    ),
    "a name of LibreChat's own": (
        entry(name="custom"),
        [
            Diagnosis(
                "endpoint-name", ERROR, f"{FILE}:4 (custom)",
                "the name belongs to LibreChat itself, so LibreChat refuses the whole file",
                "name: custom-custom",
            )
        ],
    ),
    "a name that no URL holds": (
        entry(name="'#a/b %c?'"),
        [
            Diagnosis(
                "endpoint-name", ERROR, f"{FILE}:4 (#a/b %c?)",
                "LibreChat puts the name into URLs as it is: with & # / % ? keys are not saved",
                "name: a b  c",
            )
        ],
    ),
    "defaults that are no list": (
        entry(models="{ default: a, fetch: true }"),
        [
            Diagnosis(
                "default-missing", ERROR, HERE,
                "`models.default` is no list with a model in it, so LibreChat refuses the file",
                "under `models:` add: default: [MODEL]",
            )
        ],
    ),
    "defaults that are empty": (
        entry(models="{ default: [], fetch: true }"),
        [
            Diagnosis(
                "default-missing", ERROR, HERE,
                "`models.default` is no list with a model in it, so LibreChat refuses the file",
                "under `models:` add: default: [MODEL]",
            )
        ],
    ),
    "a flag in quotes": (
        entry(models="{ default: [a], fetch: 'true' }"),
        [
            Diagnosis(
                "fetch-odd", ERROR, HERE,
                "`models.fetch` is neither true nor false, so LibreChat refuses the file",
                "fetch: true",
            )
        ],
    ),
    "no fetch": (
        entry(models="{ default: [a], fetch: false }"),
        [
            Diagnosis(
                "fetch-missing", ERROR, HERE,
                "users bring their own key here, but see only the default models",
                "under `models:` add: fetch: true",
            )
        ],
    ),
    "no fetch beside one that has it": (
        entry(name="Other", models="{ default: [a] }") + entry(),
        [
            Diagnosis(
                "fetch-missing", WARNING, f"{FILE}:4 (Other)",
                "users bring their own key here, but see only the default models",
                "under `models:` add: fetch: true",
            )
        ],
    ),
    "Ollama": (
        entry(name="OLLAMA local", baseURL="http://llm.example.com", models="{ default: [a] }"),
        [
            Diagnosis(
                "ollama", NOTE, f"{FILE}:4 (OLLAMA local)",
                "LibreChat asks an endpoint called Ollama itself, without the user's key",
                "for a list per key choose another name, such as: name: Local models",
            )
        ],
    ),
    "Ollama with the administrator's key": (entry(name="ollama", apiKey="x"), []),
    "a variable without a value": (
        entry(apiKey="'${NO_KEY}'", baseURL="'http://${EMPTY}/v1'"),
        [
            Diagnosis(
                "variable-unset", WARNING, HERE,
                "it names the variable NO_KEY, which has no value in .env or here",
                "NO_KEY=… in .env",
            ),
            Diagnosis(
                "variable-unset", WARNING, HERE,
                "it names the variable EMPTY, which has no value in .env or here",
                "EMPTY=… in .env",
            ),
        ],
    ),
    "a key and a URL of the user's, by variables": (
        entry(apiKey="'${USERS}'", baseURL="'${USERS}'"),
        [
            Diagnosis(
                "url-of-user", NOTE, HERE,
                "users bring their own URL: it must be HTTPS and public",
                "for a provider of your own network: DYNAMIC_MODELS_ALLOW_HTTP=HOST:PORT in .env",
            )
        ],
    ),
    "no URL": (
        entry(baseURL="llm.example.com"),
        [
            Diagnosis(
                "url-invalid", ERROR, HERE,
                "the base URL is not an http or https URL: its models are never fetched",
                "baseURL: https://llm.example.com/v1",
            )
        ],
    ),
    "plain HTTP to a public host": (
        entry(baseURL="http://llm.example.com:81/v1"),
        [
            Diagnosis(
                "http-refused", ERROR, HERE,
                "keys would go over plain HTTP to llm.example.com:81, a public host: it is not "
                "asked",
                "use https, or add to .env: DYNAMIC_MODELS_ALLOW_HTTP=llm.example.com:81 "
                "(librechat-patcher apply --allow-http llm.example.com:81 does it)",
            )
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRIES)
def test_an_endpoint_is_judged(name: str) -> None:
    text, expected = ENTRIES[name]
    environment = {"EMPTY": "", "USERS": "user_provided"}
    assert judged(document(text), environment=environment) == expected


def test_of_two_endpoints_with_one_name_the_upper_one_is_told() -> None:
    assert judged(document(entry(), entry())) == [
        Diagnosis(
            "endpoint-twice", ERROR, HERE,
            "an endpoint further down has the same name; LibreChat takes only that one",
            "name: LiteLLM 2",
        )
    ]  # fmt: skip


def test_of_two_endpoints_with_one_name_the_lower_one_decides_what_is_served() -> None:
    off = entry(models="{ default: [a] }")
    assert ("fetch-missing", ERROR, f"{FILE}:5 (LiteLLM)") in told(document(entry(), off))
    assert ("fetch-missing", WARNING, HERE) in told(document(off, entry()))


def test_a_host_is_added_to_those_that_are_allowed() -> None:
    text = document(entry(baseURL="http://llm.example.com/v1"))
    (found,) = judged(text, Policy(("other.example.com",)))
    assert found.fix == "use https, or run: librechat-patcher apply --allow-http llm.example.com"
    assert judged(text, Policy(("llm.example.com",))) == []


def test_https_only_is_the_reason_where_it_is_set() -> None:
    (found,) = judged(document(entry(baseURL="http://litellm:4000")), Policy((), https_only=True))
    assert (found.what, found.fix) == (
        "DYNAMIC_MODELS_HTTPS_ONLY refuses plain HTTP to litellm:4000",
        "DYNAMIC_MODELS_HTTPS_ONLY=false in .env, or an https URL",
    )


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("", "`version:` is missing, so LibreChat refuses the file", "version: 1.2.8"),
        (
            "version: 1.2\n",
            "`version:` is a number, not a text, so LibreChat refuses the file",
            'put it in quotes: version: "1.2"',
        ),
    ],
)
def test_a_version_is_needed(text: str, what: str, fix: str) -> None:
    found = judged(document(entry(), version=text))
    assert found == [Diagnosis("yaml-version", ERROR, FILE, what, fix)]


@pytest.mark.parametrize("text", ["version: 1.2.8\n", "version: 1.2.8\nendpoints: { custom: 1 }\n"])
def test_a_file_without_an_endpoint_has_nothing_to_serve(text: str) -> None:
    (found,) = judged(text)
    assert (found.code, found.severity, found.where) == ("endpoints-none", ERROR, FILE)
    assert (
        found.what == "endpoints.custom has no entry: there is nothing that the patch could serve"
    )
    assert judged("version: 1.2.8\n" + "endpoints: " + found.fix.partition(": ")[2]) == []


def test_an_empty_file_lacks_everything() -> None:
    assert [d.code for d in config.diagnose(FILE, None, (), Policy())] == [
        "yaml-version",
        "endpoints-none",
    ]


def test_what_there_is_instead_of_a_file() -> None:
    assert config.missing("$CONFIG_PATH", named=True) == Diagnosis(
        "yaml-missing", ERROR, "$CONFIG_PATH",
        "CONFIG_PATH names a file that is not there, so no custom endpoint",
        "cp librechat.example.yaml $CONFIG_PATH",
    )  # fmt: skip
    assert config.missing(FILE, named=False).what == "there is no such file, so no custom endpoint"
    assert config.remote("a.example") == Diagnosis(
        "yaml-remote", NOTE, "CONFIG_PATH",
        "CONFIG_PATH is a URL at a.example: it is not fetched, so its endpoints are not checked",
        "save it as FILE, then run: CONFIG_PATH=FILE librechat-patcher doctor",
    )  # fmt: skip


def test_an_entry_is_read_whole() -> None:
    text = document(
        entry(
            name="' A '",
            apiKey="'${KEY}'",
            baseURL="'https://${HOST}/${PATH_}'",
            models="{ default: [a, b], fetch: true, userIdQuery: true }",
            directEndpoint="true",
            headers="{ X: '1' }",
        ),
        "    - just a text\n",
        entry(directEndpoint="false", models="{ default: 7, fetch: 3, userIdQuery: no }"),
    )
    read = read_config(text.encode())
    assert read is not None
    one, other = config.read(read, {"KEY": "sk-1", "HOST": "h", "PATH_": ""})
    assert one == config.Endpoint(
        name="A", line=4, lacks=(), user_key=False, user_url=False, url="https://h/${PATH_}",
        unset=("PATH_",), fetch=True, fetch_is_odd=False, defaults=2,
    )  # fmt: skip
    assert other == config.Endpoint(
        name="LiteLLM", line=6, lacks=(), user_key=True, user_url=False,
        url="https://llm.example.com/v1", unset=(), fetch=False, fetch_is_odd=True,
        defaults=None,
    )  # fmt: skip
    assert config.eligible([one, other]) == ()
    assert config.eligible([one, replace(other, fetch=True)]) == (replace(other, fetch=True),)


@pytest.mark.parametrize(
    "changes",
    [
        {"fetch": False}, {"user_key": False}, {"lacks": ("models",)}, {"name": "Ollama"},
    ],
)  # fmt: skip
def test_what_the_patch_does_not_serve(changes: dict[str, object]) -> None:
    read = read_config(document(entry()).encode())
    assert read is not None
    (one,) = config.read(read, {})
    assert one.is_eligible and replace(one, user_key=False, user_url=True).is_eligible
    other = replace(one, **changes)
    assert not other.is_eligible
    assert config.eligible([other]) == ()


def test_secrets_of_an_entry_are_what_is_written_and_what_it_stands_for() -> None:
    text = document(
        entry(
            apiKey="'pre-${KEY}'", headers="{ X-Gate: gate, Who: user_provided }",
            addParams="{ deep: [{ er: param }] }", titleModel="not-secret",
        ),
        "    - text\n",
    )  # fmt: skip
    read = read_config(text.encode())
    assert read is not None
    found = set(config.secrets(read, {"KEY": "sk-1"}))
    assert found >= {"pre-${KEY}", "pre-sk-1", "gate", "param"}
    assert not found & {"user_provided", "not-secret", "https://llm.example.com/v1"}
