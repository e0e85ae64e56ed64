"""Keeps what moderators chose, verdicts on answers and, where the operator wants it, words.

Words are questions that nothing answered and reasons for a verdict, scrubbed, for some days.
"""
