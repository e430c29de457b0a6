"""Tests; `servers.py` starts the real programs that they run against."""
