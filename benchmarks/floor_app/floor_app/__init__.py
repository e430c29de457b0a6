"""See floor_app.py."""
