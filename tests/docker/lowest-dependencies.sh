#!/bin/sh
# Runs the core tests with the lowest version of every dependency that pyproject.toml allows, in an
# environment of its own. Not part of the default run. Arguments go to pytest.
#
#   sh tests/docker/lowest-dependencies.sh            all core tests
#   PYTHON=python3.10 sh tests/docker/lowest-dependencies.sh tests/engine
set -eu

cd "$(dirname "$0")/../.."
environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT INT TERM

"${PYTHON:-python3}" -m venv "$environment"
sed -n '/^dependencies = \[/,/^\]/s/^ *"\([a-z0-9-]*\)>=\([0-9.]*\).*/\1==\2/p' pyproject.toml \
  >"$environment/lowest.txt"
cat "$environment/lowest.txt"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
  --requirement "$environment/lowest.txt" 'pytest>=8,<10' 'hypothesis>=6.100,<7' jsonschema junitparser

[ "$#" -gt 0 ] || set -- tests/engine tests/definitions tests/cli tests/transaction tests/doctor
"$environment/bin/python" -m pytest -q -p no:cacheprovider "$@"
