"""HTTP in, one command, HTML out: entrance, own account, guardians, the way back in."""
