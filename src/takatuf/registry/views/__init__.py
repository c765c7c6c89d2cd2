"""HTTP in, one domain call, HTML out."""
