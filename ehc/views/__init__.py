"""Views translate HTTP and nothing more."""
