"""What is outside: calendars and mail, each a library or an httpx client behind a small Protocol."""
