"""What makes the releases of this project; no part of the package."""
