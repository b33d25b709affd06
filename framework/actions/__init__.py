"""`Prediction` -> effects: default actions, forms, the bot's own code, action servers."""
