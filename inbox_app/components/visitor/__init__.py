"""The right column: who the visitor is and what the visitor did."""
