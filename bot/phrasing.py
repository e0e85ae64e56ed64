"""The two smallest things done to curated words: filling in names, and linking."""

import re

_BRACES = re.compile(r"\{(\w+)\}")


def fill(template: str, **values: str) -> str:
    """Return `template` with each {name} replaced; unknown braces are left alone."""
    return _BRACES.sub(lambda match: values.get(match[1], match[0]), template)


def link(label: str, address: str) -> str:
    """Return a Markdown link; brackets in the address would end it early."""
    whole = address.replace("(", "%28").replace(")", "%29")
    return f"[{label}]({whole})" if whole else label
