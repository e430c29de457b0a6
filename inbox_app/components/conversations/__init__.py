"""The left column: the conversations of an agent."""
