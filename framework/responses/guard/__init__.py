"""Whether a text that nobody wrote may be said: its facts, its words and what it makes of them."""
