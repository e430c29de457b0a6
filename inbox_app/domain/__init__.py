"""The rules: pure values and functions.

`now` is always an argument; nothing here reads a clock, a file or a database.
"""
