"""From the region's rows to a matching round's plan, and back.

Its settings, with words; rows gathered into the engine's arrays; arrays stored with the round
and checked again. Only ``solving`` imports the engine's compiled kernels: the web process
imports the rest.
"""
