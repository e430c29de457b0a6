"""The HTTP API, as a program outside sees it."""
