"""Tests of `framework.cli`."""
