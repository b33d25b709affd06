"""Numbers, money, dates, addresses in a text, in the shape in which Duckling gives them."""
