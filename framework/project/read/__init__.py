"""Nodes -> values: one module for each section of the files, and what it may hold."""
