"""People: sign-up, sign-in, guardians and their consents, the volunteer charter.

Looks down at the kernel.
"""
