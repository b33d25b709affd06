"""The learned policy: a small transformer over dialogue turns."""
