"""`Project` -> utterances and dialogues: unfolding, augmentation, splits."""
