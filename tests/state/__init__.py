"""The states behind their guard, asked over a raw socket as a dishonest browser would."""
