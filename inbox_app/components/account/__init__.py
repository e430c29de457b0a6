"""One's own account on /settings."""
