"""Tests of `framework.assistant`."""
