"""One command per file; the only user of rich."""
