"""What can be done: one use case = one function = one transaction; what happened is published after the commit."""
