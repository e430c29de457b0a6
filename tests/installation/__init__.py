"""The parts that an operator meets: settings, the command line, the front-end build, the server process."""
