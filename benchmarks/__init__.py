"""The drivers behind docs/performance.md: `make bench`. They measure, they do not assert."""
