"""The editor of a weekly schedule."""
