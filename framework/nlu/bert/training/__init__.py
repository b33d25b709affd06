"""Trains the tagger and writes its graph; the only part of the tagger that needs torch."""
