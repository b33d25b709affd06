"""Tests of `framework.training`."""
