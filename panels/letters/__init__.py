"""What a family and others are told of a decision: who, in which words, with which dates."""
