"""Where trackers live between messages."""
