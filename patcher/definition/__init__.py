"""From a patch folder on disk to a checked `Patch`; every complaint names file and line."""
