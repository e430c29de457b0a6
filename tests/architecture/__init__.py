"""The rules of docs/architecture.md, read from the sources."""
