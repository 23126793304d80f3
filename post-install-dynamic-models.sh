#!/bin/sh
# Adds per-user model lists to a LibreChat checkout. Run it from the checkout, from beside it, or
# with --root DIR; `--sample` tries it on a sample instead. All arguments go to
# `librechat-patcher apply`. Needs Python 3.10 or newer; installs into a private environment.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
environment=${LIBRECHAT_PATCHER_ENV:-$here/.venv}
export LIBRECHAT_PATCHER_WRAPPER_DIR="$here"

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "error: Python 3.10 or newer is needed and was not found" >&2
  echo "next: install it (Debian, Ubuntu: apt-get install python3 python3-venv; Alpine: apk add python3), or set PYTHON" >&2
  exit 2
}

# Beside its sources the script uses them as they are; copied alone it takes the package from PyPI.
if [ -f "$here/pyproject.toml" ]; then
  source="--editable=$here"
else
  source=librechat-patcher
fi

own=$environment/bin/python
mark=$environment/installed.toml
project=$here/pyproject.toml

# An environment whose Python has gone, or whose sources have moved on, is set up again.
is_ready() {
  "$own" -c '' 2>/dev/null && { [ ! -f "$project" ] || cmp -s "$project" "$mark"; }
}

if ! is_ready; then
  python=$(find_python)
  made=
  [ -e "$environment" ] || made=yes
  echo "setting up $environment (once)" >&2
  # Links to a Python that has gone are not replaced unless the environment is cleared.
  clear=
  [ ! -f "$environment/pyvenv.cfg" ] || "$own" -c '' 2>/dev/null || clear=--clear
  "$python" -m venv $clear "$environment" || {
    echo "error: $python cannot make a virtual environment in $environment" >&2
    echo "next: apt-get install python3-venv, or set LIBRECHAT_PATCHER_ENV to a folder that can be written" >&2
    exit 6
  }
  # On Alpine arm64 the newest versions of some dependencies have no wheel.
  "$own" -m pip install --quiet --disable-pip-version-check --prefer-binary "$source" || {
    [ -z "$made" ] || rm -rf "$environment"
    echo "error: the package could not be installed ($source)" >&2
    echo "next: check the network or the pip configuration, then run this again" >&2
    exit 6
  }
  [ ! -f "$project" ] || cp "$project" "$mark"
fi

exec "$environment/bin/librechat-patcher" apply "$@"
