"""Bundle and tests -> scores: conversations and NLU."""
