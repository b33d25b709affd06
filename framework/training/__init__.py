"""`Project` -> bundle: what to train, what is cached, and the report."""
