"""Chinese words for numbers, lengths of time, money, dates and times of day."""
