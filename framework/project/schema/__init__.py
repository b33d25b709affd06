"""The values that a project consists of: frozen, keyword-only, each with its place."""
