#!/bin/sh
# Sets up .venv and runs everything: lint, formatting, types, tests. Arguments go to pytest.
# Needs Python 3.10 or newer; the JavaScript suites need Node 18 or newer and are skipped without.
set -eu

cd "$(dirname "$0")"
environment=${LIBRECHAT_PATCHER_ENV:-.venv}
python=${PYTHON:-python3}

if [ ! -x "$environment/bin/python" ]; then
  "$python" -m venv "$environment"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'

"$environment/bin/ruff" check .
"$environment/bin/ruff" format --check .
"$environment/bin/mypy"
exec "$environment/bin/python" -m pytest "$@"
