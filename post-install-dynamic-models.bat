@echo off
rem Adds per-user model lists to a LibreChat checkout. Run it from the checkout, from beside it, or
rem with --root DIR; --sample tries it on a sample instead. All arguments go to
rem "librechat-patcher apply". Needs Python 3.10 or newer; installs into a private environment.
setlocal
set "HERE=%~dp0"
if not defined LIBRECHAT_PATCHER_ENV set "LIBRECHAT_PATCHER_ENV=%HERE%.venv"
set "LIBRECHAT_PATCHER_WRAPPER_DIR=%HERE:~0,-1%"
set "TOOL=%LIBRECHAT_PATCHER_ENV%\Scripts\librechat-patcher.exe"
set "SOURCE=librechat-patcher"
if exist "%HERE%pyproject.toml" set "SOURCE=--editable=%HERE:~0,-1%"
if exist "%TOOL%" goto run

set "FOUND="
for %%P in ("py -3" python3 python) do if not defined FOUND (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 10))" >nul 2>nul && set "FOUND=%%~P"
)
if not defined FOUND (
  echo error: Python 3.10 or newer is needed and was not found 1>&2
  echo next: install it from python.org, with the py launcher 1>&2
  exit /b 2
)
echo setting up %LIBRECHAT_PATCHER_ENV% ^(once^) 1>&2
%FOUND% -m venv "%LIBRECHAT_PATCHER_ENV%" || exit /b 6
"%LIBRECHAT_PATCHER_ENV%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check "%SOURCE%"
if errorlevel 1 (
  rmdir /s /q "%LIBRECHAT_PATCHER_ENV%"
  echo error: the package could not be installed (%SOURCE%) 1>&2
  echo next: check the network or the pip configuration, then run this again 1>&2
  exit /b 6
)

:run
"%TOOL%" apply %*
exit /b %ERRORLEVEL%
