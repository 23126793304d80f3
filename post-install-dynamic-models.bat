@echo off
rem Adds per-user model lists to a LibreChat checkout. Run it from the checkout, from beside it, or
rem with --root DIR; --sample tries it on a sample instead. All arguments go to
rem "librechat-patcher apply". Needs Python 3.10 or newer; installs into a private environment.
rem No blocks in parentheses: a path such as C:\Program Files (x86) would end them.
setlocal
set "SETUP=%~dp0tools\environment.py"
if not exist "%SETUP%" goto nosources

set "FOUND="
set "IS_NEW=import sys; sys.exit(sys.version_info < (3, 10))"
if defined PYTHON goto given
for %%P in ("py -3" python3 python) do call :try %%P
if not defined FOUND goto nopython
goto run

:given
"%PYTHON%" -c "%IS_NEW%" >nul 2>nul
if errorlevel 1 goto wrongpython
set FOUND="%PYTHON%"

:run
%FOUND% "%SETUP%" %*
exit /b %ERRORLEVEL%

:try
if defined FOUND exit /b 0
%~1 -c "%IS_NEW%" >nul 2>nul
if not errorlevel 1 set FOUND=%~1
exit /b 0

:nosources
echo error: this script needs the rest of librechat-patcher beside it: "%SETUP%" is missing 1>&2
echo next: run it in a clone of librechat-patcher, or take the one-file script of a release 1>&2
exit /b 2

:wrongpython
echo error: PYTHON is no Python 3.10 or newer: "%PYTHON%" 1>&2
echo next: set PYTHON to a python.exe of that age, or leave it out 1>&2
exit /b 2

:nopython
echo error: Python 3.10 or newer is needed and was not found 1>&2
echo next: install it from python.org with the py launcher, or set PYTHON to its python.exe 1>&2
exit /b 2
