"""Nothing that doctor or verify prints contains a value of .env, a key or a password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.doctor.providers import Provider, Reply

ENV = """\
PORT=43080
MONGO_URI=mongodb://mongo-user:mongo-pass@mongo.example.net/LibreChat
CONFIG_PATH="./settings/prod-librechat.yaml"
export CREDS_KEY=f34be427ebb29de8d88c107a71546019685ed8b241d8f2ed00c3df97ad2566f0
CREDS_IV='e2341419ec3dd3d19b13a1a87fafcbfb'
JWT_SECRET=16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef
OPENAI_API_KEY=sk-proj-abcdefghijklmnop
LLM_PLACE=http://gateway-user:gateway-pass@llm.example.org:4000/v1
ODD_NAME_FOR_A_SECRET=sk-hidden-behind-an-odd-name
MEILI_MASTER_KEY=DrhYf7zENyR6AlUCKmnz0eYASOQdl6zxH7s7MKFSfFCt
USE_REDIS=True
REDIS_URI=redis://:redis-pass@redis.example.net:6379
DYNAMIC_MODELS_TTL=sk-pasted-in-the-wrong-line
DYNAMIC_MODELS_ALLOW_HTTP=http://pasted.example.net/path
DYNAMIC_MODELS_NONSENSE=nonsense-value
MAIL_PASSWORD="with spaces # and a hash"
ALERT_WEBHOOK=https://hooks.example.net/T000/B000/XXXX
"""

YAML = """\
version: 1.2
endpoints:
  custom:
    - name: Gateway
      apiKey: user_provided
      baseURL: ${LLM_PLACE}
      headers: { X-Gate: literal-header-secret, X-Other: "${ODD_NAME_FOR_A_SECRET}" }
      models: { default: [a] }
    - name: Own key
      apiKey: sk-literal-in-the-yaml
      baseURL: https://api.example.org/v1
      addParams: { secret: literal-parameter-secret }
      models: { fetch: true }
    - name: AmbiguousScalar
      apiKey: ${ODD_NAME_FOR_A_SECRET}
      baseURL: ${NOT_SET}
      models: { default: [a], fetch: "yes" }
    - name: sk-literal-in-the-yaml
      apiKey: user_provided
      models: { default: [a] }
"""

SECRETS = {
    *(m[1] for m in re.finditer(r"^(?:export )?\w+=[\"']?(.*?)[\"']?$", ENV, re.M)),
    "mongo-user", "mongo-pass", "gateway-user", "gateway-pass", "redis-pass",
    "literal-header-secret", "sk-literal-in-the-yaml", "literal-parameter-secret",
}  # fmt: skip

BROKEN = {
    "as it is": YAML,
    "a tab in front of a secret": YAML.replace("      apiKey: sk-l", "\tapiKey: sk-l"),
    "an alias that is a secret": YAML.replace("apiKey: sk-l", "apiKey: *sk-l"),
    "a secret as a key": YAML.replace("apiKey: sk-literal-in-the-yaml", "sk-literal-in-the-yaml"),
    "a secret with a tag": YAML.replace("apiKey: sk-l", "apiKey: !sk-l"),
    "a quote that does not end": YAML.replace("apiKey: sk-l", 'apiKey: "sk-l'),
    "a secret given twice": YAML.replace("version", "sk-hidden: 1\nsk-hidden: 2\nversion"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("form", ["text", "json"])
def test_doctor_prints_no_value_of_env_and_no_key(
    run: Runner, checkout: Path, name: str, form: str
) -> None:
    (checkout / ".env").write_text(ENV, encoding="utf-8")
    (checkout / "settings").mkdir()
    (checkout / "settings/prod-librechat.yaml").write_text(BROKEN[name], encoding="utf-8")
    done = run("doctor", "--probe", "--root", checkout, "--format", form)
    assert done.code == 1
    assert not {s for s in SECRETS if s in done.out + done.err}
    assert "sk-" not in done.out + done.err


def test_apply_prints_none_either(run: Runner, checkout: Path) -> None:
    assert run("rollback", "--root", checkout).code == 0
    (checkout / ".env").write_text(
        ENV.replace('CONFIG_PATH="./settings/prod-', "X=").strip('"'), encoding="utf-8"
    )
    (checkout / "librechat.yaml").write_text(YAML, encoding="utf-8")
    done = run("apply", "--root", checkout)
    assert done.code == 0
    assert "DYNAMIC_MODELS_ALLOW_HTTP=llm.example.org:4000" in done.out
    assert not {s for s in SECRETS if s in done.out + done.err}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_probe_prints_no_key_not_even_when_the_provider_repeats_it(
    run: Runner, checkout: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    text = (checkout / "librechat.yaml").read_text(encoding="utf-8")
    (checkout / "librechat.yaml").write_text(
        text.replace("http://litellm:4000/v1", f"{provider.url}/v1"), encoding="utf-8"
    )
    monkeypatch.setenv("LIBRECHAT_PATCHER_KEY_LITELLM", "sk-of-the-probe")
    provider.answering = lambda _: Reply(401, {"error": "Invalid key sk-of-the-probe"})
    done = run("doctor", "--probe", "--root", checkout, "--format", form)
    assert done.code == 1
    assert provider.asked[0].headers["Authorization"] == "Bearer sk-of-the-probe"
    assert "the provider refuses the key (401)" in done.out
    assert "sk-of-the-probe" not in done.out + done.err
