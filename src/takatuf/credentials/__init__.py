"""Certificates and cards: serial, printed snapshot, verify code, revocation.

Looks down at registry.
"""
