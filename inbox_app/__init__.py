"""Agent Inbox: visitors of a web site chat with agents, each on their own page."""

__version__ = "0.1.0"
