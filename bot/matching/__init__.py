"""Ranks the Library's entries for a question; from words alone, so far."""
