"""Certificates and cards as PDF: official, bilingual, the same bytes every time."""

from takatuf.credentials.printing.compiler import card_pdf, certificate_pdf

__all__ = ["card_pdf", "certificate_pdf"]
