"""Sharing a calendar, what becomes of it, and the list of meetings."""
