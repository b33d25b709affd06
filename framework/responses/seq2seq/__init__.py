"""A generator learned from question-answer pairs: an attention encoder-decoder, no language model."""
