"""Every list and count a screen shows. Only reading happens here."""
