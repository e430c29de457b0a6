"""The keyboard of the inbox."""
