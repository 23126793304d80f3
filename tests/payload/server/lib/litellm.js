const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { freePort } = require('./port');

/** Who may use what; the file is read for every request, so keys can change while it runs. */
const AUTH = `
import json, pathlib
from fastapi import HTTPException, Request
from litellm.proxy._types import UserAPIKeyAuth

KEYS = pathlib.Path(__file__).with_name("keys.json")

async def check(request: Request, api_key: str) -> UserAPIKeyAuth:
    models = json.loads(KEYS.read_text()).get(api_key)
    if models is None:
        raise HTTPException(status_code=401, detail="Invalid API key")
    return UserAPIKeyAuth(api_key=api_key, user_id="user", models=models)
`;

function config(models) {
  const entries = models.map((name) => ({
    model_name: name,
    litellm_params: {
      model: `openai/${name}`,
      api_key: 'none',
      api_base: 'http://127.0.0.1:9/v1',
      mock_response: `Hello from ${name}`,
    },
  }));
  // JSON is YAML.
  return JSON.stringify({
    model_list: entries,
    general_settings: { custom_auth: 'auth.check', custom_auth_run_common_checks: true },
    litellm_settings: { telemetry: false, enable_post_custom_auth_checks: true },
  });
}

async function isUp(url) {
  try {
    return (await fetch(`${url}/health/liveliness`)).ok;
  } catch {
    return false;
  }
}

/**
 * The real LiteLLM proxy, offline and without a database.
 * @param {string} executable
 * @param {string[]} models - All it serves.
 */
async function startLiteLLM(executable, models) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'litellm-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const setKeys = (keys) =>
    fs.writeFileSync(path.join(directory, 'keys.json'), JSON.stringify(keys));
  fs.writeFileSync(path.join(directory, 'auth.py'), AUTH);
  fs.writeFileSync(path.join(directory, 'config.yaml'), config(models));
  setKeys({});
  const where = ['--host', '127.0.0.1', '--port', String(port)];
  const args = ['--config', 'config.yaml', ...where, '--telemetry', 'False'];
  const env = {
    ...process.env,
    LITELLM_MASTER_KEY: 'sk-master-of-this-test',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  };
  const child = spawn(executable, args, { cwd: directory, env, stdio: 'ignore' });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    fs.rmSync(directory, { recursive: true, force: true });
  };
  while (!(await isUp(url))) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`LiteLLM ended with ${child.exitCode}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, setKeys, stop };
}

module.exports = { startLiteLLM };
