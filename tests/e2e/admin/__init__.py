"""Stories of admins, of an agent's hours, and of visitors who are followed up."""
