"""English with the same digits and calendar order as the Arabic pages."""
