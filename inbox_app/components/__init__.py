"""What pages are made of: arguments in, component out. Nothing here knows a state."""
