"""Checks across files, one module per theme; `framework.project.checks` runs them all."""
