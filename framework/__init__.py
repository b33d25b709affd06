"""Frame: NLU and dialogue for declarative bot projects."""
