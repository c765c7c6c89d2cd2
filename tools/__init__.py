"""Programs for those who work on Takatuf; nothing here runs at a body's site."""
