"""Code as it stands in files: parsed, searched, and written the way the file is written. Pure."""
