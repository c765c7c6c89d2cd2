"""Pure arithmetic: no Django, no clock, no disk, no unseeded randomness."""
