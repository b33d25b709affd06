"""Public helpers for tests: scripted NLU and policy, tiny encoder, conversations."""
