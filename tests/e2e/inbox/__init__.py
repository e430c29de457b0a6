"""The inbox in a real browser, with visitors who go through the visitor API."""
