"""What every page stands in: sign-in, rail, availability, offers, settings, history."""
