"""Who does what: a plan for a region's weeks, with a proof of how good it is.

``solving.solve`` takes an ``Instance`` and gives a ``Plan``: the pairs chosen, a price for each
role, the plan's worth and a bound that no plan can exceed. ``verifying`` checks a plan without
the code that made it. Arrays and plain values in and out; the same seed gives the same plan.
"""
