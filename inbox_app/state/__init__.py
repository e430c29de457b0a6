"""Thin Reflex states: who asks, check what came from the browser, call one service, assign."""
