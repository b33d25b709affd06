"""A generator that learned from question-answer pairs: an attention encoder-decoder."""
