"""The learned policy: a small transformer over the turns of a dialogue."""
