"""The screen: one file a page."""
