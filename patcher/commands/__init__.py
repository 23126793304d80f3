"""One module per verb. Each takes plain values and returns what `results` defines."""
