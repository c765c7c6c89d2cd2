"""How numbers and dates are written: Western digits in data, in both languages."""
