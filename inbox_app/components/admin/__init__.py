"""The parts of /admin, one module a tab."""
