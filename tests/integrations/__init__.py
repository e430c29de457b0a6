"""What stands outside, over real servers where there are any, else over recorded answers."""
