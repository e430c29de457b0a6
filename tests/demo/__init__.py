"""The demo: its invented past, its scripted visitor, and the command."""
