"""The managers' table of past conversations. Nothing in here changes anything (PRODUCT 5.1)."""
