"""Scanner and printer."""
