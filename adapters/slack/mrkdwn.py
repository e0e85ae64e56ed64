"""Turns Handrail's neutral Markdown into Slack's mrkdwn, in which nothing can ping anybody."""

import re

LINK = re.compile(
    r"\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])+)\]"
    r"\((?P<address>(?:https?://|mailto:|tel:)(?:[^\s()]|\([^\s()]*\))+)\)"
    r"|(?P<bare>https?://[^\s<>()|]+(?:\([^\s<>()|]*\)[^\s<>()|]*)*[^\s<>()|.,;:!?'\"\]*_~`])"
)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"^[ \t]*- ", re.MULTILINE)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_CHANNEL = re.compile(r"&lt;#([CG][A-Z0-9]+)&gt;")
_QUOTE = re.compile(r"^(\s*)&gt;", re.MULTILINE)
# Slack's own marks, when the words hold them: signs drawn alike that format nothing.
_LOOK_ALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_OPEN, _CLOSE, _LINK_AT = "\x01", "\x02", "\x03"
_GAP = "\u200b"  # no width; Slack sees bold only at the edge of a word


def escape(text: str) -> str:
    """Return `text` with the three characters that Slack gives a meaning made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_mrkdwn(markdown: str) -> str:
    """Return neutral Markdown as mrkdwn: bold, links and bullets kept, all else made plain.

    Every `<` of the result opens a link to a web, mail or phone address; mentions, channels and
    commands such as `<!channel>` come out as the characters they are.
    """
    links: list[str] = []

    def keep_link(match: re.Match[str]) -> str:
        links.append(_link(match))
        return _LINK_AT

    text = LINK.sub(keep_link, _HIDDEN.sub("", markdown))
    text = _BOLD.sub(rf"{_OPEN}\1{_CLOSE}", text)
    text = _literal(_BULLET.sub("• ", text))
    text = _QUOTE.sub(rf"\1{_GAP}&gt;", text)
    text = re.sub(rf"(?<=\w){_OPEN}", f"{_GAP}{_OPEN}", text)
    text = re.sub(rf"{_CLOSE}(?=\w)", f"{_CLOSE}{_GAP}", text)
    text = text.replace(_OPEN, "*").replace(_CLOSE, "*")
    return re.sub(_LINK_AT, lambda _: links.pop(0), text)


def with_channels(mrkdwn: str) -> str:
    """Return the result of `to_mrkdwn` with channels as links; only for what no member wrote."""
    return _CHANNEL.sub(r"<#\1>", mrkdwn)


def to_plain(markdown: str) -> str:
    """Return neutral Markdown as one line of plain text, for headings and buttons."""
    text = LINK.sub(lambda m: m["label"] or m["bare"], _HIDDEN.sub("", markdown))
    return " ".join(_BOLD.sub(r"\1", text).split())


def _literal(text: str) -> str:
    return _LONE_UNDERSCORE.sub("＿", escape(text).translate(_LOOK_ALIKES))


def _link(match: re.Match[str]) -> str:
    address = match["address"] or match["bare"]
    address = escape(address.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E"))
    if not match["label"]:
        return f"<{address}>"
    label = _literal(to_plain(match["label"]))
    return f"<{address}|{label}>"
