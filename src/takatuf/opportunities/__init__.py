"""Opportunities: the design studio, the quality gate, shifts and the roles people fill in them.

Looks down at needs and registry.
"""
