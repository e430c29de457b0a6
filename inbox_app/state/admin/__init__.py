"""The states of /admin, one a tab. Every handler asks first whether an admin is asking."""
