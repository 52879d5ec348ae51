"""The only writers of panels."""
