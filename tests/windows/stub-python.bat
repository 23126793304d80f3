@echo off
rem Stands for python.exe: %1 is its own path. Does as PYTHON_IS says.
setlocal
if "%~2"=="-c" goto version
echo run: %2 %3 %4 %5 %6
exit /b 4

:version
if "%PYTHON_IS%"=="old" exit /b 1
exit /b 0
