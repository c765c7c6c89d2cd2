"""What all modules' tests share: settings, the throw-away PostgreSQL, the house's own rules."""
