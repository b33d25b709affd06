"""A trained bot, on disk and in memory, and how it takes one turn."""
