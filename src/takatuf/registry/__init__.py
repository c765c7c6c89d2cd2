"""Bodies, units, offices, teams, volunteers and skills; the region's facts; concerns.

Looks down at accounts.
"""
