"""Neutral Markdown becomes mrkdwn that can ping nobody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import to_mrkdwn, to_plain

CONTROL = re.compile(r"<(?!(?:https?://|mailto:|tel:)[^<>|]+(?:\|[^<>]+)?>)")
TEXT = st.one_of(st.text(), st.text(alphabet="<>&|!@#*_~`[]()-\n htps:/.a1"))


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("**Avoid** this.", "*Avoid* this."),
        ("**Call 999**, now", "*Call 999*, now"),
        ("- one\n- two", "• one\n• two"),
        ("[website](https://a.example/)", "<https://a.example/|website>"),
        ("[x](https://a.example/(96)00-7)", "<https://a.example/(96)00-7|x>"),
        ("[1] Nayak. [Page](https://a.example)", "[1] Nayak. <https://a.example|Page>"),
        ("**[Name](https://a.example)** day", "*<https://a.example|Name>* day"),
        ("[**Name**](https://a.example)", "<https://a.example|Name>"),
        ("[a [b] c](https://a.example)", "<https://a.example|a [b] c>"),
        ("[116 123](tel:116123)", "<tel:116123|116 123>"),
        ("see https://a.example/b_c_d.", "see <https://a.example/b_c_d>."),
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel> <@U1> <#C1>", "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;"),
        ("[x](<!channel>)", "[x](&lt;!channel&gt;)"),
        ("[x](https://a.example|<!here>)", "<https://a.example%7C%3C!here%3E|x>"),
        ("[<!here>](https://a.example)", "<https://a.example|&lt;!here&gt;>"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("*a* ~b~ `c` _d_ e_f", "∗a∗ ∼b∼ ˋcˋ ＿d＿ e_f"),
        ("**a\nb**", "∗∗a\nb∗∗"),
        ("> 5 hours", "\u200b&gt; 5 hours"),
        ("un**believ**able", "un\u200b*believ*\u200bable"),
        ("a\x00\x01\x02\x03b", "ab"),
        ("", ""),
    ],
)
def test_mrkdwn_says_the_same(markdown: str, mrkdwn: str) -> None:
    """Bold, links and bullets are kept; everything else is only what it looks like."""
    assert to_mrkdwn(markdown) == mrkdwn


@given(TEXT)
def test_no_text_becomes_a_command(text: str) -> None:
    """Nothing but a link to an address can open with Slack's `<`."""
    assert not CONTROL.search(to_mrkdwn(text))


@given(TEXT)
def test_no_words_are_lost(text: str) -> None:
    """Every letter and digit outside a link's address is still there, in order."""
    letters = re.sub(r"[^a-z0-9]", "", to_plain(text))
    shown = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", to_mrkdwn(text))
    for entity in ("&amp;", "&lt;", "&gt;"):
        shown = shown.replace(entity, "")
    assert re.sub(r"[^a-z0-9]", "", shown) == letters


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Call**  the\nnumber", "Call the number"),
        ("[Name](https://a.example) & <b>", "Name & <b>"),
        ("", ""),
    ],
)
def test_plain_text_is_one_line_without_marks(markdown: str, plain: str) -> None:
    """Headings and buttons take the bare words."""
    assert to_plain(markdown) == plain
