"""Effect -> `BotMessage`: templates with variations, conditions and placeholders."""
