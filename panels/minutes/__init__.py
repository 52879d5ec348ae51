"""The minutes of a sitting: drafted from its record, and shown as page, PDF and Word file."""
