"""Answers from the project's documents: an index of passages, its search, and quotations."""
