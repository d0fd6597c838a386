"""How two nodes come to hold the same entries: over a line, over the office's cable, on a stick."""
