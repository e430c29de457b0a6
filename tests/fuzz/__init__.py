"""Requests that nobody would write by hand, made from the API's own description: none ends in a 5xx."""
