"""Files -> nodes: YAML 1.2 with the place of every key and value, and what is wrong with it."""
