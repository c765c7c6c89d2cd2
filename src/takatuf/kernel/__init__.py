"""What every module stands on: refusals, transitions, sequences, jobs, Arabic text, screens."""
