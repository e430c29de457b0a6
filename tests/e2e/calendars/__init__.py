"""Calendars outside, connected by an agent in a browser against a real Radicale."""
