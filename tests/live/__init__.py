"""The hub: what is published reaches who listens, in one process and over Redis."""
