"""What is wrong with a configuration, and the line or command that fixes it.

All modules here are pure: contents of files in, diagnoses out. `commands.doctor` does the reading.
"""
