"""What can be pressed and chosen below a Reply on Slack, and what the ids say."""

from dataclasses import replace

import pytest

from adapters.ids import PICK, TOPIC, Press
from adapters.slack.blocks import plainer
from adapters.slack.controls import FEEDBACK
from adapters.slack.render import Renderer
from bot.domain import Choice, Country, Reply, ReplyKind, Topic
from tests.adapters.replies import (
    ANSWER,
    CHECK_ALONE,
    CHOICES,
    EVERY_REPLY,
    FALLBACK,
    GONE,
    INFO,
    URGENT,
)
from tests.adapters.scripted import ScriptedResponder
from tests.adapters.slack.laid_out import (
    KEY,
    RENDERER,
    WORDS,
    actions_of,
    check_post,
    controls,
    labels,
    only,
    options,
    posts_of,
    presses,
    selects,
    values,
)

EVERY_NAME = list(EVERY_REPLY)


def test_choices_show_whole_titles_with_a_button_each() -> None:
    """Slack shortens the words on buttons, so the title stands beside its button."""
    post = only(CHOICES)
    rows = [block for block in post.blocks if "accessory" in block]
    titles = [choice.title for choice in CHOICES.choices]
    assert [row["text"]["text"] for row in rows] == [f"*{title}*" for title in titles]
    assert [row["accessory"]["accessibility_label"] for row in rows] == titles
    shown = [Press("show", entry=choice.entry) for choice in CHOICES.choices]
    assert presses(post.blocks) == [*shown, Press("decline")]
    assert labels(post.blocks)[-1] == WORDS.message("reply.none_of_these")


def test_every_choice_is_offered_once() -> None:
    """The same entry twice would be two rows with one meaning."""
    post = only(replace(CHOICES, choices=CHOICES.choices * 2))
    assert actions_of(post.blocks).count("show") == len(CHOICES.choices)


def test_more_choices_than_a_message_holds_go_on_in_the_next() -> None:
    """Each keeps its button, and "none of these" comes last."""
    many = tuple(Choice(f"entry-{i}", f"Entry {i}") for i in range(120))
    posts = posts_of(Reply(ReplyKind.CHOICES, "Which?", choices=many))
    for post in posts:
        check_post(post)
    found = [press for post in posts for press in presses(post.blocks)]
    assert [press.entry for press in found if press] == [*(c.entry for c in many), ""]


def test_offers_related_answers_in_a_list() -> None:
    """Below an answer nobody has to choose, and long titles need no row each."""
    (related,) = selects(only(ANSWER).blocks)
    assert related["action_id"] == PICK
    assert values(related) == [choice.entry for choice in ANSWER.choices]
    assert related["placeholder"]["text"] == WORDS.message("buttons.related")


@pytest.mark.parametrize("name", EVERY_NAME)
def test_offers_to_share_only_what_was_asked_for(name: str) -> None:
    """Answers and emergency cards can be shown to others; a check and what has no entry cannot."""
    (post, *_) = posts_of(EVERY_REPLY[name])
    shared = [press.card for press in presses(post.blocks) if press and press.action == "share"]
    can_be = EVERY_REPLY[name].kind in {ReplyKind.ANSWER, ReplyKind.POLICY, ReplyKind.URGENT}
    assert shared == ([EVERY_REPLY[name].entry] if can_be else [])
    (unshared, *_) = RENDERER.to_posts(EVERY_REPLY[name])
    assert "share" not in actions_of(unshared.blocks)


def test_shares_an_emergency_card_with_the_help_lines_it_shows() -> None:
    """Who changed the country shares that country's lines."""
    share = Press("share", card="emergency-medical", kinds=URGENT.help_kinds, region="GB")
    assert share in presses(only(URGENT).blocks)


@pytest.mark.parametrize("name", EVERY_NAME)
def test_asks_for_a_verdict_on_answers_alone(name: str) -> None:
    """Nobody in danger is asked for feedback; each verdict carries the Reply's key."""
    (post, *_) = posts_of(EVERY_REPLY[name])
    found = [press for press in presses(post.blocks) if press and press.action == "verdict"]
    judged = EVERY_REPLY[name].kind in {ReplyKind.ANSWER, ReplyKind.POLICY}
    assert {press.verdict for press in found} == (
        {"helpful", "wrong", "outdated"} if judged else set()
    )
    assert all((press.key, press.entry) == (KEY, EVERY_REPLY[name].entry) for press in found)


def test_thumbs_are_slacks_own() -> None:
    """Up is helpful, down is wrong; a screen reader says so."""
    block = only(ANSWER).blocks[-1]
    (element,) = block["elements"]
    assert (block["type"], element["action_id"]) == ("context_actions", FEEDBACK)
    assert element["positive_button"]["text"]["text"] == WORDS.message("buttons.helpful")
    assert element["negative_button"]["text"]["text"] == WORDS.message("buttons.wrong")


def test_plainer_blocks_mean_the_same() -> None:
    """Windows take no feedback buttons; ordinary ones say the same there."""
    post = only(ANSWER)
    plain = plainer(post.blocks)
    assert {block["type"] for block in plain} <= {"header", "section", "context", "actions"} | {
        "divider"
    }
    assert presses(plain) == presses(post.blocks)
    check_post(replace(post, blocks=tuple(plain)))
    assert plainer(only(URGENT).blocks) == list(only(URGENT).blocks)


def test_asks_for_no_verdict_that_is_not_kept() -> None:
    """Where the operator keeps no feedback, there are no buttons for it."""
    (post,) = Renderer(WORDS).to_posts(ANSWER)
    assert "verdict" not in actions_of(post.blocks)


def test_gives_each_reply_a_key_of_its_own() -> None:
    """The key is 12 random hexadecimal digits, and says nothing about anybody."""
    renderer = Renderer(WORDS, feedback=True)
    keys = {
        press.key
        for _ in range(20)
        for press in presses(renderer.to_posts(ANSWER)[0].blocks)
        if press and press.action == "verdict"
    }
    assert len(keys) == 20


@pytest.mark.parametrize(
    ("reply", "card"),
    [
        (URGENT, "emergency-medical"),
        (CHECK_ALONE, "check"),
        (FALLBACK, "fallback"),
        (INFO, "info"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lets_the_country_of_help_lines_be_changed(reply: Reply, card: str) -> None:
    """Every country is in one list, by name; the one shown is chosen already."""
    (select,) = selects(only(reply).blocks)
    assert select["initial_option"]["value"] == "GB"
    assert sorted(values(select)) == sorted(country.code for country in WORDS.countries())
    names = [option["text"]["text"] for option in options(select)]
    assert names == sorted(names)
    assert "United Kingdom" in names
    first = values(select)[0]
    assert presses(only(reply).blocks)[0] == Press(
        "country", card=card, kinds=reply.help_kinds, values=(first,), region="GB"
    )


@pytest.mark.parametrize("region", [None, "XJ"])
def test_no_country_is_chosen_where_none_is_known(region: str | None) -> None:
    """A country without help lines of its own cannot stand in the list."""
    (select,) = selects(only(replace(URGENT, region=region)).blocks)
    assert "initial_option" not in select or select["initial_option"]["value"] == region


@pytest.mark.parametrize("reply", [ANSWER, CHOICES, GONE], ids=lambda reply: reply.title)
def test_offers_no_countries_where_there_is_nothing_to_change(reply: Reply) -> None:
    """An answer has other controls; without help lines there is no country."""
    assert "country" not in actions_of(only(reply).blocks)


class _Countries(ScriptedResponder):
    """Knows as many countries as it is asked for."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def countries(self) -> tuple[Country, ...]:
        """Return them."""
        return tuple(Country(f"{i:03}", f"Land {i:03}") for i in range(self._number))


@pytest.mark.parametrize(("number", "groups"), [(100, 0), (101, 2), (250, 3)])
def test_more_countries_than_a_list_takes_stand_in_groups(number: int, groups: int) -> None:
    """Slack takes a hundred options, and a hundred in each group."""
    (post,) = Renderer(_Countries(number)).to_posts(replace(URGENT, region="042"))
    check_post(post)
    (select,) = selects(post.blocks)
    assert len(values(select)) == number
    assert len(select.get("option_groups", ())) == groups
    assert select["initial_option"]["value"] == "042"


def test_shows_topics_to_choose_from() -> None:
    """The list has the topics and what each is about."""
    post = RENDERER.topics(WORDS.topics())
    check_post(post)
    (select,) = selects(post.blocks)
    assert select["action_id"] == TOPIC
    assert values(select) == [topic.id for topic in WORDS.topics()]
    assert [option["description"]["text"] for option in options(select)] == [
        topic.about for topic in WORDS.topics()
    ]


def test_shows_every_entry_of_the_chosen_topic() -> None:
    """The topic is chosen in its list, and all its entries are in another."""
    topic = WORDS.topics()[1]
    post = RENDERER.topics(WORDS.topics(), topic.id)
    check_post(post)
    topics, entries = selects(post.blocks)
    assert topics["initial_option"]["value"] == topic.id
    assert values(entries) == [choice.entry for choice in topic.entries]
    assert topic.title in post.text


@pytest.mark.parametrize("chosen", [None, "gone"])
def test_shows_the_topics_when_none_is_chosen(chosen: str | None) -> None:
    """A topic that is gone since then is none."""
    assert len(selects(RENDERER.topics(WORDS.topics(), chosen).blocks)) == 1


def test_says_that_a_topic_is_empty() -> None:
    """All of its entries may have been switched off."""
    post = RENDERER.topics((Topic("law", "The law", "Laws.", ()),), "law")
    assert WORDS.message("browse.empty") in post.text
    assert len(selects(post.blocks)) == 1


def test_topic_beyond_all_limits_is_a_text_of_titles() -> None:
    """What no list in one message can hold can still be asked for by name."""
    many = tuple(Choice(f"law-{i}", f"Law number {i} " + "of a land" * 8) for i in range(300))
    post = RENDERER.topics((Topic("law", "The law", "Laws.", many),), "law")
    check_post(post)
    assert all(f"Law number {i} " in post.text for i in range(300))


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Choice("a", "T" * 300), ["T" * 74 + "…"]),
        (Choice("a", "  "), ["a"]),
        (Choice("x" * 151, "Too long an id"), []),
        (Choice(" ", "Blank id"), []),
    ],
    ids=["long title", "blank title", "long id", "blank id"],
)
def test_offers_only_what_slack_takes(choice: Choice, shown: list[str]) -> None:
    """One choice that Slack would refuse must not cost the whole message."""
    post = only(Reply(ReplyKind.ANSWER, "Words.", choices=(choice,)))
    check_post(post)
    found = [option["text"]["text"] for s in selects(post.blocks) for option in options(s)]
    assert found == shown


def test_choice_that_no_button_can_mean_still_has_its_title() -> None:
    """Slack takes 255 characters in the id of a button."""
    post = only(Reply(ReplyKind.CHOICES, "Which?", choices=(Choice("x" * 300, "Far too long"),)))
    check_post(post)
    assert "Far too long" in post.text
    assert [control["action_id"] for control in controls(post.blocks)] == ["handrail:decline"]
