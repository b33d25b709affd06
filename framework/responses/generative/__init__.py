"""Replies that a language model rewords or writes, checked by the guard before they are said."""
