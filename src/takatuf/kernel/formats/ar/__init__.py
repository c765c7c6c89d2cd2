"""Arabic as written in Saudi Arabia."""
