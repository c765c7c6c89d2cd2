"""Package data of regions: facts from public sources, each with its source."""
