"""What every node holds in common: the journal, its reading, and the rules of time."""
