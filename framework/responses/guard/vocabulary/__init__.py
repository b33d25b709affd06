"""Words that a reply may use though the bot's author didn't, by language."""
