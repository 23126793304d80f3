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

if [ ! -x "$environment/bin/librechat-patcher" ]; then
  python=$(find_python)
  echo "setting up $environment (once)" >&2
  "$python" -m venv "$environment" || {
    echo "error: $python cannot make a virtual environment in $environment" >&2
    echo "next: apt-get install python3-venv, or set LIBRECHAT_PATCHER_ENV to a folder that can be written" >&2
    exit 6
  }
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$source" || {
    rm -rf "$environment"
    echo "error: the package could not be installed ($source)" >&2
    echo "next: check the network or the pip configuration, then run this again" >&2
    exit 6
  }
fi

exec "$environment/bin/librechat-patcher" apply "$@"
