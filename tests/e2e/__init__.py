"""End to end: a production build, a real server, a real Chromium."""
