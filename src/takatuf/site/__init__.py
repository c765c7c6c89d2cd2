"""Pages that join floors: home, search, my page, desks, the opportunity page."""
