"""Spreadsheets of any layout: read, mapped on screen, previewed, taken row by row.

Looks down at the kernel. Modules above contribute importers; this one knows none of them.
"""
