"""What people need: recorded, validated, answered by opportunities.

Looks down at registry.
"""
