"""The day sheet, check-in and check-out, the hours ledger, people served.

Looks down at placement, opportunities and credentials.
"""
