"""The middle column: an opened conversation."""
