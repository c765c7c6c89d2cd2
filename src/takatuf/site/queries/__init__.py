"""Reading for the pages that join floors."""
