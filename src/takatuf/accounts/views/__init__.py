"""HTTP in, one command, HTML out: the entrance, one's own account, guardians, the way back in."""
