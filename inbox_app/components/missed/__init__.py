"""Visitors to follow up."""
