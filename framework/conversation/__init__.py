"""`Understanding` -> events -> `Tracker`: the state of a conversation as a fold."""
