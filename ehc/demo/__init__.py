"""A demonstration authority: an invented council that keeps time as a real one did."""
