"""Bodies, units, offices, teams, volunteers and their skills, the region's places and facts, concerns.

Looks down at accounts.
"""
