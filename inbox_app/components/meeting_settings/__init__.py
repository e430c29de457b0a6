"""Meeting settings on /settings: hours, length, notice, invitation, and the slots that come of them."""
