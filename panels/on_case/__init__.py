"""What panels add to the page of a case."""
