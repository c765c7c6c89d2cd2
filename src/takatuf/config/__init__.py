"""Settings, addresses, and the process's doors."""
