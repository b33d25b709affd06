"""Labelled examples + a pipeline -> scores, every mistake with its place, and pages about them."""
