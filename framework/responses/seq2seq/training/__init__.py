"""Trains the generator and writes its graphs; the only part of it that needs torch."""
