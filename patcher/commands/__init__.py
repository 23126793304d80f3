"""One module per verb: each takes plain values, and defines the answer that it returns.

`workspace` is the checkout that they work on, `selection` which patches and components are meant.
"""
