"""Who gets which place: eligibility, applications, waiting lists, offers, answers by one tap.

Looks down at opportunities.
"""
