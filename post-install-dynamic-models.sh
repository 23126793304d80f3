#!/bin/sh
# Adds per-user model lists to a LibreChat checkout. Run it from the checkout, from beside it, or
# with --root DIR; `--sample` tries it on a sample instead. All arguments go to
# `librechat-patcher apply`, or to another command that they begin with, such as `update`. Needs Python 3.10 or newer; installs into a private environment.
set -eu

self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done

setup=$(dirname "$self")/tools/environment.py
if [ ! -f "$setup" ]; then
  echo "error: $setup is missing: this script needs the rest of librechat-patcher beside it" >&2
  echo "next: run it in a clone of librechat-patcher, or take the one-file script of a release" >&2
  exit 2
fi

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

find_python() {
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  echo "error: Python 3.10 or newer is needed and was not found" >&2
  if command -v apk >/dev/null; then
    echo "next: apk add python3" >&2
  elif command -v apt-get >/dev/null; then
    echo "next: apt-get install python3 python3-venv" >&2
  else
    echo "next: install Python 3, or set PYTHON to where it is" >&2
  fi
  return 1
}

if [ -z "${PYTHON:-}" ]; then
  python=$(find_python) || exit 2
elif is_new_enough "$PYTHON"; then
  python=$PYTHON
else
  echo "error: PYTHON=$PYTHON is no Python 3.10 or newer" >&2
  echo "next: set PYTHON to one, or leave it out" >&2
  exit 2
fi

exec "$python" "$setup" "$@"
