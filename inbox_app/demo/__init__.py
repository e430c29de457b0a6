"""The demo: invented people with an invented past, and a visitor who really chats. Never in a production database."""
