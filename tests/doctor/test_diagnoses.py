"""Each part of doctor alone: contents of files in, whole diagnoses out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from patcher.checks.builds import Build
from patcher.checks.transport import Policy
from patcher.definition.nodes import Unreadable
from patcher.definition.yaml import read_config
from patcher.doctor import compose, config, diagnosis, dynamic_models, environment
from patcher.doctor.advice import after_apply, build_line
from patcher.doctor.diagnosis import Diagnosis, Severity, hidden
from patcher.model import Drift

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
FILE = "librechat.yaml"


def entry(**keys: str) -> str:
    """An endpoint with nothing wrong; a key that is given empty is left out."""
    good = {
        "name": "LiteLLM",
        "apiKey": "user_provided",
        "baseURL": "https://llm.example.com/v1",
        "models": "{ default: [a], fetch: true }",
    }
    written = (f"{k}: {v}" for k, v in {**good, **keys}.items() if v)
    return "    - { " + ", ".join(written) + " }\n"


def document(*entries: str, version: str = "version: 1.2.8\n") -> str:
    return f"{version}endpoints:\n  custom:\n" + "".join(entries)


def judged(
    text: str, policy: Policy | None = None, environment: Mapping[str, str] | None = None
) -> list[Diagnosis]:
    """What is wrong with a librechat.yaml."""
    read = read_config(text.encode())
    found = config.read(read, environment or {}) if read else ()
    return list(config.diagnose(FILE, read, found, policy or Policy()))


def told(text: str, **options: Mapping[str, str]) -> list[tuple[str, Severity, str]]:
    return [(d.code, d.severity, d.where) for d in judged(text, **options)]  # type: ignore[arg-type]


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


SECRET_NAMES = [
    "OPENAI_API_KEY", "jwt_secret", "X_TOKEN", "MAIL_PASSWORD", "CREDS_X", "MY_CREDENTIAL",
    "AUTH_HEADER", "SALT", "CERT", "PRIVATE_X", "OPENID_CLIENT_ID", "CREDS_IV", "MONGO_URI",
    "SENTRY_DSN", "ALERT_WEBHOOK",
]  # fmt: skip
OTHER_NAMES = ["PORT", "HOST", "IV_PLACE", "URIS", "DOMAIN_CLIENT"]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_value_is_secret_by_its_name(name: str) -> None:
    assert list(diagnosis.secrets({name: "value-1"})) == ["value-1"]
    for word in ("User_Provided", "true", "FALSE", "None", "null"):
        assert not list(diagnosis.secrets({name: word})), word


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_other_values_are_not(name: str) -> None:
    assert not list(diagnosis.secrets({name: "value-1"}))


def test_credentials_in_a_url_are_secret_whole_and_in_parts() -> None:
    found = list(diagnosis.secrets({"PLACE": "HTTP+x.1-y://me:a:b@host/p", "B": "http://tok@host"}))
    assert found[:4] == ["HTTP+x.1-y://me:a:b@host/p", "me:a:b", "me", "a:b"]
    assert found[4:] == ["http://tok@host", "tok", "tok"]
    assert not list(diagnosis.secrets({"PLACE": "http://host/a@b"}))


def test_secrets_are_hidden_wherever_they_stand() -> None:
    found = Diagnosis("code", NOTE, "at abcd", "what abcd", "fix abcd")
    assert hidden([found], {"abcd"}) == (
        Diagnosis("code", NOTE, "at [hidden]", "what [hidden]", "fix [hidden]"),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_secret_that_begins_another_uncovers_nothing_of_it(order: int) -> None:
    found = Diagnosis("code", NOTE, "", "", "abcd-efgh")
    assert hidden([found], ["abcd", "abcd-efgh", "efgh"][::order])[0].fix == "[hidden]"


def test_parts_of_words_are_not_hidden() -> None:
    found = Diagnosis("code", NOTE, "", "abcde", "abc")
    assert hidden([found], ["abc"]) == (found,)
    assert hidden([found], ["abcd"])[0].what == "[hidden]e"


@pytest.mark.parametrize(
    ("variable", "value", "code", "severity", "what", "fix"),
    [
        (
            "DYNAMIC_MODELS_TTL", "a day", "setting-invalid", ERROR,
            "the value is not a duration such as 90s, 1h or 7d; the server ignores it and uses "
            "the default",
            "DYNAMIC_MODELS_TTL=24h",
        ),
        (
            "DYNAMIC_MODELS_ALLOW_HTTP", "http://a", "setting-invalid", ERROR,
            "the value is not a list of HOST or HOST:PORT, without http:// and without a path; "
            "the server ignores it and uses the default",
            "DYNAMIC_MODELS_ALLOW_HTTP=llm.example.com:4000",
        ),
        (
            "DYNAMIC_MODELS_HTTPS_ONLY", "2", "setting-invalid", ERROR,
            "the value is not true or false; the server ignores it and uses the default",
            "DYNAMIC_MODELS_HTTPS_ONLY=false",
        ),
        (
            "DYNAMIC_MODELS_ENABLED", " Off ", "switched-off", WARNING,
            "the patch is switched off: LibreChat behaves as if it were not there",
            "DYNAMIC_MODELS_ENABLED=true",
        ),
        (
            "DYNAMIC_MODELS_TIMEOUTS", "", "setting-unknown", WARNING,
            "there is no setting DYNAMIC_MODELS_TIMEOUTS",
            "rename it to DYNAMIC_MODELS_TIMEOUT in .env",
        ),
        (
            "DYNAMIC_MODELS_", "", "setting-unknown", WARNING,
            "there is no setting DYNAMIC_MODELS_",
            "rename it to DYNAMIC_MODELS_TTL in .env",
        ),
    ],
)  # fmt: skip
def test_a_setting_is_judged(
    variable: str, value: str, code: str, severity: Severity, what: str, fix: str
) -> None:
    (found,) = dynamic_models.diagnose({"PORT": "x", variable: value})
    assert found == Diagnosis(code, severity, variable, what, fix)


def test_a_setting_that_is_like_none_is_to_be_removed() -> None:
    name = "DYNAMIC_MODELS_WHATEVER_THIS_MAY_HAVE_BEEN_MEANT_TO_BE"
    (found,) = dynamic_models.diagnose({name: "1"})
    assert found.fix == f"remove {name} in .env"


DURATIONS = ["1ms", "5s", "2m", "24h", "365d", "1.5D", "90 s", "0.1s"]
NO_DURATIONS = ["0s", "365.1d", "5", "s", "1,5h", "-1h", "1w", ".5h", "1.h"]


@pytest.mark.parametrize("value", DURATIONS)
@pytest.mark.parametrize("name", ["TTL", "REFRESH_AFTER", "STALE_IF_ERROR", "TIMEOUT"])
def test_durations(name: str, value: str) -> None:
    assert not list(dynamic_models.diagnose({f"DYNAMIC_MODELS_{name}": value}))


@pytest.mark.parametrize("value", NO_DURATIONS)
def test_what_is_no_duration(value: str) -> None:
    assert len(list(dynamic_models.diagnose({"DYNAMIC_MODELS_TTL": value}))) == 1


@pytest.mark.parametrize("value", ["true", "1", "YES", "on", "false", "0", "no", "off", ""])
def test_flags_and_globs(value: str) -> None:
    assert not list(dynamic_models.diagnose({"DYNAMIC_MODELS_HTTPS_ONLY": value}))
    for name in ("INCLUDE", "EXCLUDE"):
        assert not list(dynamic_models.diagnose({f"DYNAMIC_MODELS_{name}": f"{value}*"}))
    on = value.lower() in ("true", "1", "yes", "on")
    assert dynamic_models.policy({"DYNAMIC_MODELS_HTTPS_ONLY": f" {value} "}).https_only is on
    off = value in ("false", "0", "no", "off")
    assert bool(list(dynamic_models.diagnose({"DYNAMIC_MODELS_ENABLED": value}))) is off


def test_the_policy_of_the_settings() -> None:
    assert dynamic_models.policy({}) == Policy((), https_only=False)
    hosts = " A.example:1, [::1]\tb "
    assert dynamic_models.policy({"DYNAMIC_MODELS_ALLOW_HTTP": hosts}).allow_http == (
        "a.example:1",
        "[::1]",
        "b",
    )
    assert dynamic_models.policy({"DYNAMIC_MODELS_ALLOW_HTTP": "a, http://b"}).allow_http == ()


@pytest.mark.parametrize(
    ("dockerfile", "nvmrc", "wanted"),
    [
        (None, None, None),
        (None, b" v20.19.0\n", 20),
        (b"FROM node:18-alpine AS node\nRUN true\n", None, 18),
        (b"# FROM node:1\nFROM mirror.example/library/node:22.1\n", b"", 22),
        (b"FROM node:18\n", b"24\n", 24),
        (b"FROM python:3\n", b"lts/iron\n", None),
        (b"\xff\nFROM node:18\n", b"\xff", 18),
        (None, b"9" * 5000, 9999),
    ],
)
def test_the_node_that_a_release_is_shipped_with(
    dockerfile: bytes | None, nvmrc: bytes | None, wanted: int | None
) -> None:
    assert environment.node_of_release(dockerfile, nvmrc) == wanted


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("", 20, None),
        ("v17.9.1", 20, (ERROR, "too old: LibreChat and the patch need 18 or newer", "20")),
        ("v17.9.1", None, (ERROR, "too old: LibreChat and the patch need 18 or newer", "18")),
        ("v18.0.0", 20, (WARNING, "older than the 20 that this release is shipped with", "20")),
        ("v18.0.0", None, None),
        ("v20.0.0", 20, None),
        ("24.1.0", 20, None),
    ],
)
def test_a_node_is_judged(
    found: str, wanted: int | None, expected: tuple[Severity, str, str] | None
) -> None:
    told = list(environment.node(found, wanted))
    if expected is None:
        assert told == []
        return
    severity, what, version = expected
    fix = f"nvm install {version} && nvm use {version}"
    assert told == [Diagnosis("node-old", severity, "node", f"Node {found} is {what}", fix)]


@pytest.mark.parametrize("version", ["v0.8.2", "0.8.3", "v0.8.4-rc1", "v0.8.4", "v0.8.5-rc1"])
def test_releases_that_lose_prices_without_redis_are_told(version: str) -> None:
    (found,) = environment.redis({"USE_REDIS": "yes"}, version)
    assert found.what == (
        "Redis is off: lists of models are kept in MongoDB, so they outlive a restart and all "
        "replicas share them; prices of models are kept in the memory of each process, where this "
        "release (v0.8.2 to v0.8.5-rc1) cannot find them again"
    )


@pytest.mark.parametrize("version", ["v0.8.1", "v0.8.5", "v0.8.5-rc2", "v0.7.2", "v1.8.3", ""])
def test_other_releases_keep_them(version: str) -> None:
    (found,) = environment.redis({}, version)
    assert found.what.endswith("kept in the memory of each process")
    assert (found.code, found.severity, found.where) == ("redis-off", NOTE, ".env")
    assert found.fix == "for several replicas: USE_REDIS=true and REDIS_URI"


def test_redis_needs_an_address() -> None:
    (found,) = environment.redis({"USE_REDIS": " TRUE ", "REDIS_URI": " "}, "")
    assert found == Diagnosis(
        "redis-no-uri", ERROR, ".env",
        "USE_REDIS is on but REDIS_URI is not set: LibreChat does not start",
        "REDIS_URI=redis://redis:6379 or USE_REDIS=false",
    )  # fmt: skip
    (found,) = environment.redis({"USE_REDIS": "true", "REDIS_URI": "redis://r"}, "v0.8.4")
    assert found == Diagnosis(
        "redis-on", NOTE, ".env",
        "Redis is on: LibreChat shares its caches there; lists of models stay in MongoDB",
        "nothing to do; librechat-patcher verify --url URL looks at the running server",
    )  # fmt: skip


def test_the_patch_and_its_record() -> None:
    (absent,) = environment.patch((), False, ())
    assert absent == Diagnosis(
        "patch-absent", WARNING, "patch", "the patch is not applied to this checkout",
        "librechat-patcher apply",
    )  # fmt: skip
    (unrecorded,) = environment.patch((), True, ())
    assert unrecorded == Diagnosis(
        "patch-unrecorded", NOTE, "patch",
        "the patch is there but no run is recorded: it was applied elsewhere, or with git",
        "librechat-patcher verify",
    )  # fmt: skip
    assert not list(environment.patch({"dynamic-models"}, True, ()))


def test_each_kind_of_drift_is_told_but_not_of_env() -> None:
    kinds = {
        "edited": "it was changed since it was patched",
        "deleted": "it was deleted since it was patched",
        "restored": "it was set back to the original since it was patched",
        "replaced": "it is no longer a file since it was patched",
        "bent": "bent since it was patched",
    }
    drift = [Drift(f"{kind}.js", kind) for kind in kinds]
    found = environment.patch({"x"}, True, [*drift, Drift(".env", "edited")])
    fix = "librechat-patcher verify; if that fails: librechat-patcher apply"
    assert list(found) == [
        Diagnosis("patch-drifted", ERROR, f"{kind}.js", what, fix) for kind, what in kinds.items()
    ]


def test_builds_are_judged() -> None:
    states = [Build("a/", f"a/{state}", state) for state in ("fresh", "older", "missing")]
    assert list(environment.builds(states, "npm run frontend")) == [
        Diagnosis(
            "build-old", ERROR, "a/older",
            "it is older than the patched sources in a/: users run the old one",
            "npm run frontend",
        ),
        Diagnosis(
            "build-missing", WARNING, "a/missing",
            "a/ has not been built here (a container image builds its own)", "npm run frontend",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("root", "command", "has_tools", "line"),
    [
        ("/opt/LibreChat", "", True, ""),
        ("/opt/LibreChat", "npm run x", True, "cd /opt/LibreChat && npm run x"),
        ("/a b", "npm run x", True, "cd '/a b' && npm run x"),
        ("C:\\a b", "npm run x", True, 'cd "C:\\a b" && npm run x'),
        ("/x", "npm run x", False, "cd /x && npm ci --include=dev && npm run x"),
    ],
)
def test_a_build_is_ready_to_paste(root: str, command: str, has_tools: bool, line: str) -> None:
    assert build_line(root, command, has_tools) == line


LAST = "check: librechat-patcher doctor, and once it runs: librechat-patcher verify --url URL"
RESTART = "restart the LibreChat server: npm run backend"


@pytest.mark.parametrize("component", ["client", "data-provider"])
def test_steps_with_a_build(component: str) -> None:
    assert list(after_apply(["backend", component], "cd x && y", False, (), True)) == [
        "stop the LibreChat server: a build empties client/dist, which a running one serves",
        "build: cd x && y",
        "start the LibreChat server: npm run backend",
        LAST,
    ]


def test_steps_without_one() -> None:
    assert list(after_apply(["backend"], "build", False, (), True)) == [RESTART, LAST]
    assert list(after_apply(["client"], "", False, (), True)) == [RESTART, LAST]
    assert list(after_apply(["client"], "build", True, (), True)) == [
        "build the image and start it: docker compose up -d --build",
        LAST,
    ]


@pytest.mark.parametrize(
    "code", ["fetch-missing", "http-refused", "yaml-missing", "yaml-invalid", "endpoints-none"]
)
def test_steps_name_what_keeps_users_from_their_models(code: str) -> None:
    found = Diagnosis(code, WARNING, "where", "what", "fix")
    assert list(after_apply((), "", False, [found], False)) == [RESTART, "where: what: fix", LAST]
    for other in (replace(found, severity=NOTE), replace(found, code="redis-off")):
        assert list(after_apply((), "", False, [other], True)) == [RESTART, LAST]


def test_steps_say_how_to_begin_without_an_endpoint() -> None:
    assert list(after_apply((), "", False, (), False)) == [
        RESTART,
        "in librechat.yaml, give a custom endpoint `apiKey: user_provided` and, under `models:`, "
        "`fetch: true`",
        LAST,
    ]


BASES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
OVERRIDES = [
    "compose.override.yaml", "compose.override.yml",
    "docker-compose.override.yml", "docker-compose.override.yaml",
]  # fmt: skip
UPSTREAM = b"services: { api: { image: registry.example/danny-avila/librechat-dev:latest } }"
BUILT = b"services: { api: { image: mine, build: . } }"


@pytest.mark.parametrize("name", BASES)
def test_a_base_compose_file_alone_may_be_how_it_is_started(name: str) -> None:
    (stack,), problems = compose.read({name: UPSTREAM})
    assert problems == ()
    assert stack == compose.Stack(
        file=name,
        to_change="docker-compose.override.yml",
        image="registry.example/danny-avila/librechat-dev:latest",
        is_built=False,
        targets=(),
        is_used=False,
    )
    found = list(compose.diagnose([stack], "/app/librechat.yaml", "v0.8.4", is_patched=False))
    assert [(d.code, d.severity, d.where) for d in found] == [
        ("compose-no-config", WARNING, name),
        ("compose-image", WARNING, name),
    ]
    assert found[0].what == (
        "if you start LibreChat with it: librechat.yaml is not mounted at /app/librechat.yaml: "
        "the container does not see it"
    )


@pytest.mark.parametrize("name", OVERRIDES)
def test_an_override_is_laid_over_the_base_and_is_a_sign_of_use(name: str) -> None:
    (stack,), _ = compose.read({"docker-compose.yml": UPSTREAM, name: BUILT})
    assert (stack.file, stack.to_change, stack.image) == (name, name, "mine")
    assert stack.is_built and stack.is_used
    assert compose.read({name: BUILT}) == ((), ())


def test_an_image_of_the_base_stands_where_the_override_names_none() -> None:
    files = {"docker-compose.yml": UPSTREAM, "compose.override.yml": b"services: { api: {} }"}
    (stack,), _ = compose.read(files)
    assert stack.image.endswith("librechat-dev:latest") and not stack.is_built


def test_the_stack_for_deployments_is_one_of_its_own() -> None:
    deploy = b"services: { web: { image: nginx }, app: { image: danny-avila/librechat-api } }"
    stacks, _ = compose.read({"compose.yml": BUILT, "deploy-compose.yml": deploy})
    assert [s.file for s in stacks] == ["compose.yml", "deploy-compose.yml"]
    found = list(compose.diagnose(stacks[1:], "", "v0.8.4", is_patched=True))
    assert [(d.code, d.severity) for d in found] == [("compose-image", NOTE)]
    assert found[0].what == (
        "if you start LibreChat with it: the container runs the published image with the tag "
        "latest, not this checkout, so the patch has no effect in it"
    )
    assert found[0].fix == (
        "in deploy-compose.yml, services: add api: { image: librechat, build: { context: ., "
        "target: node } }; docker compose up -d --build"
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"services: []", b"services: { api: 1 }", b"services: { db: { image: x } }"],
)
def test_a_compose_file_without_librechat_says_nothing_of_an_image(content: bytes) -> None:
    (stack,), problems = compose.read({"compose.yml": content})
    assert (stack.image, stack.targets, problems) == ("", (), ())


@pytest.mark.parametrize(
    ("mounts", "targets"),
    [
        ("volumes: [./a:/app/a]", ("/app/a",)),
        ("volumes: [./a:/app/a:ro, b:/b]", ("/app/a", "/b")),
        ("volumes: ['${A:-x}:/app/a']", ("/app/a",)),
        ("volumes: [/only]", ()),
        ("volumes: [{ type: bind, source: ./a, target: /app/a }, { type: tmpfs }]", ("/app/a",)),
        ("configs: [{ source: c, target: /c }]", ("/c",)),
        ("volumes: 7", ()),
    ],
)
def test_what_is_mounted_where(mounts: str, targets: tuple[str, ...]) -> None:
    (stack,), _ = compose.read({"compose.yml": f"services: {{ api: {{ {mounts} }} }}".encode()})
    assert stack.targets == targets


STACK = compose.Stack("x.yml", "x.yml", "mine", True, (), True)


@pytest.mark.parametrize(
    ("target", "is_seen"),
    [
        ("/app/librechat.yaml", True),
        ("/app/", True),
        ("/app", True),
        ("/ap", False),
        ("/app/librechat", False),
        ("${PLACE}", True),
        ("/elsewhere", False),
    ],
)
def test_a_mount_holds_the_configuration_or_does_not(target: str, is_seen: bool) -> None:
    stack = replace(STACK, targets=(target,))
    found = list(compose.diagnose([stack], "/app/librechat.yaml", "", is_patched=True))
    assert [(d.code, d.severity) for d in found] == [("compose-no-config", ERROR)] * (not is_seen)
    assert not list(compose.diagnose([stack], "", "", is_patched=True))


@pytest.mark.parametrize(
    ("image", "version", "severity", "tail"),
    [
        ("danny-avila/librechat:v0.8.4", "0.8.4", None, ""),
        ("danny-avila/librechat:0.8.4", "v0.8.4", None, ""),
        ("danny-avila/librechat:v0.8.3", "v0.8.4", WARNING, "v0.8.3, not this checkout (v0.8.4)"),
        ("danny-avila/librechat:v0.8.3", "", WARNING, "v0.8.3, not this checkout (no version)"),
        (
            "r.example:5000/x/danny-avila/librechat-dev-api:latest", "v0.8.4", WARNING,
            "latest, not this checkout (v0.8.4), and the tag moves with every publication",
        ),
        (
            "danny-avila/librechat", "", WARNING,
            "latest, not this checkout (no version), and the tag moves with every publication",
        ),
        ("danny-avila/librechat-other:latest", "v0.8.4", None, ""),
        ("mine:latest", "v0.8.4", None, ""),
    ],
)  # fmt: skip
def test_an_image_that_is_not_this_checkout(
    image: str, version: str, severity: Severity | None, tail: str
) -> None:
    stack = replace(STACK, image=image, is_built=False)
    found = list(compose.diagnose([stack], "", version, is_patched=False))
    start = "the container runs the published image with the tag "
    assert [(d.severity, d.what) for d in found] == (
        [] if severity is None else [(severity, start + tail)]
    )
    assert not list(compose.diagnose([replace(stack, is_built=True)], "", "", is_patched=False))
    if image.startswith("danny-avila/librechat:v"):
        (worse,) = compose.diagnose([stack], "", version, is_patched=True)
        assert worse.severity is ERROR


@pytest.mark.parametrize(
    "image",
    [
        "!!bool maybe", '!!int ""', "!!timestamp soon", "!!float much", "2001-99-99",
        '"\\UFFFFFFFF"', '"\\U0FFFFFFF"', "[", "*nothing", "!!python/name:os", "{ [a]: b }",
    ],
)  # fmt: skip
def test_a_compose_file_that_compose_would_refuse_is_told(image: str) -> None:
    content = f"services:\n  api:\n    image: {image}\n".encode()
    stacks, (problem,) = compose.read({"compose.yml": content})
    assert stacks == ()
    assert (problem.code, problem.severity) == ("compose-invalid", WARNING)
    assert problem.where.startswith("compose.yml:")
    assert problem.what == "compose cannot read it"
    assert problem.fix == "docker compose -f compose.yml config"


def test_a_compose_file_is_told_with_its_line() -> None:
    _, (problem,) = compose.read({"compose.yml": b"services:\n  api: {\n    image: ]\n"})
    assert problem.where == "compose.yml:3"


def test_tags_of_compose_are_as_if_they_were_not_there() -> None:
    content = b"services: { api: !override { image: !x mine, volumes: !reset ['a:/a'] } }"
    (stack,), problems = compose.read({"compose.yml": content})
    assert (stack.image, stack.targets, problems) == ("mine", ("/a",), ())


UNREADABLE: Mapping[str, tuple[bytes, str, int]] = {
    "Latin-1": (b"version: 1\n# caf\xe9\n", "it is not UTF-8 text", 2),
    "a control character": (b"version: 1\na: \x01\n", "it holds a control character", 2),
    "a key twice": (b"a: 1\nb: 2\na: 3\n", "a key is given twice", 3),
    "a key twice further in": (b"a:\n  b: 1\n  b: 2\n", "a key is given twice", 3),
    "a tag of nobody's": (b"a: 1\nb: !mine 2\n", "a tag that YAML does not define", 2),
    "a tab in the indentation": (b"a:\n\tb: 1\n", "a tab stands in the indentation", 2),
    "brackets without end": (b"[" * 5000, "it is nested deeper than 100 levels", 1),
    "no such character": (b'a: 1\nb: "\\UFFFFFFFF"\n', "a number is out of range", 2),
    "nor this one": (b'a: 1\nb: "\\U0FFFFFFF"\n', "a number is out of range", 2),
    "a version without end": (b"%YAML 1." + b"1" * 5000, "a number is out of range", 1),
    "lines that end as on old machines": (b"a: [\rb: c\r: d", "expected", 3),
    "lines that end at U+0085": ("a: [\x85b: c\x85: d".encode(), "expected", 3),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_yaml_that_librechat_would_not_read(name: str) -> None:
    content, what, line = UNREADABLE[name]
    with pytest.raises(Unreadable, match=what) as caught:
        read_config(content)
    assert caught.value.line == line
    told = config.unreadable(FILE, caught.value)
    assert (told.code, told.severity, told.where) == ("yaml-invalid", ERROR, f"{FILE}:{line}")
    assert told.what == f"LibreChat cannot read it: {caught.value}"
    has_tab = "tab" in what
    assert caught.value.has_tab is has_tab
    assert told.fix == (
        f"sed -i 's/\\t/  /g' {FILE}, then look at line {line}"
        if has_tab
        else f"fix line {line} of {FILE}"
    )


def test_a_message_about_yaml_quotes_nothing_of_it() -> None:
    with pytest.raises(Unreadable) as caught:
        read_config(b"a: *sk-secret\n")
    assert "sk-secret" not in str(caught.value) and "…" in str(caught.value)


def test_yaml_has_a_largest_size() -> None:
    fill = b"#" + b"x" * (4 * 1024 * 1024 - 6)
    assert read_config(b"a: 1\n" + fill) is not None
    with pytest.raises(Unreadable, match="it is larger than 4 MiB"):
        read_config(b"a: 1\n" + fill + b"x")


def test_tabs_that_only_pyyaml_minds_are_taken() -> None:
    read = read_config(b"a:\tb\nc:\t\td\n" + b"".join(b"k%d:\t1\n" % n for n in range(196)))
    assert read is not None
    values = [v.text for k in ("a", "c") if (v := read.get(k))]
    assert values == ["b", "d"]
    with pytest.raises(Unreadable, match="it is full of tabs"):
        read_config(b"".join(b"k%d:\t1\n" % n for n in range(200)))


def test_keys_that_are_no_texts_do_no_harm() -> None:
    read = read_config(b"? [a]\n: 1\n? [a]\n: 2\nb: 3\n")
    assert read is not None and read.get("b") is not None
    assert read_config(b"&a { *a : 1 }") is not None


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_read_as_nothing(text: str) -> None:
    read = read_config(f"a: {text}\nb: 1\n".encode())
    assert read is not None and read.get("a") is None


@pytest.mark.parametrize(
    ("written", "text", "flag"),
    [
        ("true", None, True), ("True", None, True), ("TRUE", None, True),
        ("false", None, False), ("FALSE", None, False), ("yes", "yes", None), ("on", "on", None),
        ("'true'", "true", None), ("1", None, None), ("-1.5e3", None, None), ("0x1F", None, None),
        ("0o17", None, None), ("1_000", None, None), ("1.", None, None), (".5", None, None),
        ("1.2.3", "1.2.3", None), ("'1'", "1", None), ("a", "a", None), ("0x", "0x", None),
    ],
)  # fmt: skip
def test_values_are_read_as_js_yaml_reads_them(
    written: str, text: str | None, flag: bool | None
) -> None:
    read = read_config(f"a: {written}\n".encode())
    value = read and read.get("a")
    assert value is not None
    assert (value.text, value.flag) == (text, flag)
    assert value.items is None and not value.is_mapping


def test_what_is_written_here_goes_before_what_is_merged_and_the_first_source_first() -> None:
    read = read_config(
        b"one: &one { a: 1st, b: 1st }\ntwo: &two { b: 2nd, c: 2nd }\n"
        b"d:\n  <<: [*one, *two]\n  a: own\n"
    )
    assert read is not None
    found = {k: v.text for k in "abc" if (v := read.get("d", k))}
    assert found == {"a": "own", "b": "1st", "c": "2nd"}
    assert read.get("d", "x") is None and read.get("d", "a", "b") is None


@pytest.mark.parametrize(("depth", "found"), [(0, True), (1, True), (16, True), (17, False)])
def test_merges_are_followed_so_far_and_no_further(depth: int, found: bool) -> None:
    text = "m0: &m0 { a: b }\n"
    text += "".join(f"m{n}: &m{n} {{ <<: *m{n - 1} }}\n" for n in range(1, depth + 1))
    read = read_config(text.encode())
    assert read is not None
    assert (read.get(f"m{depth}", "a") is not None) is found


def test_a_merge_of_itself_ends() -> None:
    read = read_config(b"a: &a { <<: *a, b: 1 }\n")
    assert read is not None and read.get("a", "c") is None


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
