"""The visitor's side in a real browser, with an agent who answers through the agent API."""
