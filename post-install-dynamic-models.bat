@echo off
rem Adds per-user model lists to a LibreChat checkout. Run it from the checkout, from beside it, or
rem with --root DIR; --sample tries it on a sample instead. All arguments go to
rem "librechat-patcher apply". Needs Python 3.10 or newer; installs into a private environment.
rem No blocks in parentheses: a path such as C:\Program Files (x86) would end them.
setlocal
set "HERE=%~dp0"
set "LIBRECHAT_PATCHER_WRAPPER_DIR=%HERE:~0,-1%"
if not defined LIBRECHAT_PATCHER_ENV set "LIBRECHAT_PATCHER_ENV=%HERE%.venv"
set "OWN=%LIBRECHAT_PATCHER_ENV%\Scripts\python.exe"
set "MARK=%LIBRECHAT_PATCHER_ENV%\installed.toml"
set "PROJECT=%HERE%pyproject.toml"
rem Beside its sources it uses them as they are; copied alone it takes the package from PyPI.
set "SOURCE=librechat-patcher"
if exist "%PROJECT%" set "SOURCE=--editable=%HERE:~0,-1%"

if not exist "%OWN%" goto install
rem An environment whose Python has gone, or whose sources have moved on, is set up again.
set "CHECK=import filecmp, os, sys; a, b = sys.argv[1:]; sys.exit(os.path.exists(a) and not (os.path.exists(b) and filecmp.cmp(a, b, False)))"
"%OWN%" -c "%CHECK%" "%PROJECT%" "%MARK%" >nul 2>nul
if not errorlevel 1 goto run

:install
set "FOUND="
set "MADE="
if not exist "%LIBRECHAT_PATCHER_ENV%\" set "MADE=yes"
if not defined PYTHON goto search
"%PYTHON%" -c "import sys; sys.exit(sys.version_info < (3, 10))" >nul 2>nul
if not errorlevel 1 set FOUND="%PYTHON%"
:search
for %%P in ("py -3" python3 python) do call :try %%P
if not defined FOUND goto nopython
echo setting up "%LIBRECHAT_PATCHER_ENV%", once 1>&2
%FOUND% -m venv "%LIBRECHAT_PATCHER_ENV%"
if errorlevel 1 goto novenv
"%OWN%" -m pip install --quiet --disable-pip-version-check --prefer-binary "%SOURCE%"
if errorlevel 1 goto nopackage
if exist "%PROJECT%" copy /y "%PROJECT%" "%MARK%" >nul

:run
"%LIBRECHAT_PATCHER_ENV%\Scripts\librechat-patcher.exe" apply %*
exit /b %ERRORLEVEL%

:try
if defined FOUND exit /b 0
%~1 -c "import sys; sys.exit(sys.version_info < (3, 10))" >nul 2>nul
if not errorlevel 1 set FOUND=%~1
exit /b 0

:nopython
echo error: Python 3.10 or newer is needed and was not found 1>&2
echo next: install it from python.org with the py launcher, or set PYTHON to its python.exe 1>&2
exit /b 2

:novenv
echo error: no virtual environment could be made in "%LIBRECHAT_PATCHER_ENV%" 1>&2
echo next: set LIBRECHAT_PATCHER_ENV to a folder that can be written 1>&2
exit /b 6

:nopackage
if defined MADE rmdir /s /q "%LIBRECHAT_PATCHER_ENV%"
echo error: the package could not be installed: "%SOURCE%" 1>&2
echo next: check the network or the pip configuration, then run this again 1>&2
exit /b 6
