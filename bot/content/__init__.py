"""Everything in `faq/`: its schema, its loader, and the named rules that check it."""
