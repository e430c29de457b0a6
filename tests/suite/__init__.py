"""Run the whole suite: record every test, rerun what failed, choose what a change concerns."""
