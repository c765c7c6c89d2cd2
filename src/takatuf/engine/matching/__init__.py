"""Who does what: a plan for a region's weeks, with a proof of how good it is.

``solving.solve`` takes an ``Instance`` and gives a ``Plan``: the pairs chosen, a price for each
role, the plan's worth and a bound that no plan can exceed. ``planning.plan_region`` makes the
instance too, of a ``region.Region``: rows of people and places, judged by ``eligibility`` and
worth what ``scoring`` says. ``explaining`` tells why somebody was chosen or not. ``verifying``
checks a plan without the code that made it. Arrays and plain values in and out; the same seed
gives the same plan.
"""
