"""Asking services for advice, giving it, checking it, and knowing whose is late."""
