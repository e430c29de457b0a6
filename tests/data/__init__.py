"""What is stored and read, on both databases."""
