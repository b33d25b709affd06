"""Regression conversations + a bot -> which went as written, step by step."""
