"""The list of meetings (PRODUCT 4.5)."""
