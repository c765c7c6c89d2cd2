"""What every module stands on: refusals, transitions, sequences, capacity, jobs, outbox, Arabic text, screens.
"""
