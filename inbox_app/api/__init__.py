"""The HTTP API: parse, call a service, serialise. Rules are elsewhere."""
