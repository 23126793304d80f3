"""Results as text for people: one function per result, all given the `Screen` to write on."""
