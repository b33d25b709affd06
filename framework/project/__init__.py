"""YAML folder -> `Project`: reading, checking, and writing new ones."""
