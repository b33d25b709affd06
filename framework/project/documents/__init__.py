"""The project's documents -> their headings, paragraphs, lists and tables, each with its place."""
