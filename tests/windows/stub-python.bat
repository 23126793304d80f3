@echo off
rem Stands for python.exe: %1 is its own path. Writes down how it is called, does as PYTHON_IS says.
setlocal
set "SELF=%~1"
echo %2 %3 %4 %5 %6 %7 %8 %9>>"%STUB_LOG%"
if "%~n1"=="librechat-patcher" goto patcher
if "%~2"=="-c" goto code
if "%~3"=="venv" goto venv
if "%~3"=="pip" goto pip
exit /b 99

:code
if "%~4"=="" goto version
if "%PYTHON_IS%"=="stale" exit /b 1
exit /b 0
:version
if "%PYTHON_IS%"=="old" exit /b 1
exit /b 0

:venv
if "%PYTHON_IS%"=="without venv" exit /b 1
mkdir "%~4\Scripts"
copy /y "%SELF%" "%~4\Scripts\python.exe" >nul
exit /b 0

:pip
if "%PYTHON_IS%"=="without network" exit /b 1
copy /y "%SELF%" "%~dp1librechat-patcher.exe" >nul
exit /b 0

:patcher
echo patched: %2 %3 %4 %5
exit /b 4
