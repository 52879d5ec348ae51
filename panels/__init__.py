"""Panels: sittings, their papers, what they recommend, and what the authority decides."""
