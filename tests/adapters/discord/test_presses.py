"""What the buttons, selects and forms below a reply do on Discord."""

import discord
import pytest
import simcord
import structlog
from pydantic import SecretStr

from adapters.discord.adapter import DiscordAdapter
from bot.service import Keeps
from tests.adapters.discord.conftest import Town, control, controls, title, used, words
from tests.adapters.replies import ANSWER, CHECK, GONE, SOURCES, URGENT
from tests.adapters.scripted import ScriptedResponder, ScriptedService
from tests.fakes import MemoryStore

DETAILS = "handrail:details:lithium"


def verdict(message: discord.Message | simcord.ResponseMessage, verdict: str) -> str:
    """Return the id of a message's button for `verdict`."""
    return control(message, f"verdict:{verdict}:")


async def test_shows_details_and_sources_on_request(town: Town) -> None:
    """The first answer is short; a press brings the rest, with every source."""
    answer = await town.ask("answer")
    assert ANSWER.details[0].text not in words(answer)
    details = await town.press(answer, DETAILS)
    assert details.ephemeral
    assert ANSWER.details[0].text in words(details)
    assert all(f"[{i}]" in words(details) for i in range(1, len(SOURCES) + 1))


async def test_leads_to_related_answers(town: Town) -> None:
    """A select below the answer opens those that go with it."""
    answer = await town.ask("answer")
    related = controls(answer)["handrail:pick"]
    assert [option["value"] for option in related["options"]] == [c.entry for c in ANSWER.choices]
    opened = used(await town.alice.select(answer, ["bipolar"], custom_id="handrail:pick"))
    assert "no longer here" in words(opened)


async def test_shares_an_answer_once_and_names_nobody(town: Town) -> None:
    """It is posted as a message of ours; the button goes, so that it happens once."""
    answer = await town.ask("answer")
    await town.alice.click(answer, custom_id=control(answer, "share:"))
    (shared,) = town.said()
    assert title(shared) == ANSWER.title
    assert "alice" not in words(shared)
    assert str(town.alice.id) not in words(shared)
    assert not [i for i in controls(answer) if i.startswith("handrail:share:")]


async def test_shares_an_emergency_card_with_the_country_on_it(
    town: Town, responder: ScriptedResponder
) -> None:
    """What others see is what the member saw."""
    card = await town.ask("urgent")
    await town.alice.click(card, custom_id=control(card, "share:"))
    (shared,) = town.said()
    assert title(shared) == URGENT.title
    assert responder.regions[-1] == "GB"


async def test_says_so_where_it_may_not_post(town: Town) -> None:
    """A channel that refuses us is no reason for silence."""
    answer = await town.ask("answer")
    town.refuse(town.channel, 50013)
    pressed = await town.alice.click(answer, custom_id=control(answer, "share:"))
    assert not town.said()
    assert "not allowed to write here" in words(pressed.followups[0])
    assert pressed.followups[0].ephemeral


async def test_posts_nothing_for_who_may_only_read(town: Town) -> None:
    """Commands work in a channel for announcements; the bot is no way to write there."""
    silent = discord.PermissionOverwrite(send_messages=False)
    board = town.env.guild.create_text_channel("news", overwrites={town.alice: silent})
    answer = used(await town.alice.slash(board, "ask", question="answer"))
    offered = used(await town.alice.slash(board, "ask", question="choices"))
    picked = used(await town.alice.click(offered, custom_id="handrail:show:lithium"))
    card = used(await town.alice.slash(board, "ask", question="urgent"))
    await town.alice.select(card, ["QA"], custom_id=control(card, "country:"))
    shown = [i for message in (answer, picked, card) for i in controls(message)]
    assert not [i for i in shown if i.startswith("handrail:share:")]

    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="share", custom_id="handrail:share:lithium"))
    view.stop()
    await town.env.bot.get_partial_messageable(board.id).send("of a better day", view=view)
    (old,) = town.said(board)
    pressed = await town.alice.click(old, custom_id="handrail:share:lithium")
    assert town.said(board) == [old]
    assert "nothing was shared" in words(used(pressed))


async def test_does_not_post_that_an_answer_is_gone(
    town: Town, responder: ScriptedResponder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was switched off meanwhile is no news for the channel, only for who pressed."""
    answer = await town.ask("answer")
    monkeypatch.setattr(responder, "help_again", lambda *_: GONE)
    pressed = await town.alice.click(answer, custom_id=control(answer, "share:"))
    assert not town.said()
    assert "no longer here" in words(used(pressed))
    assert used(pressed).ephemeral


async def test_offers_no_sharing_where_all_can_read_already(town: Town) -> None:
    """Neither below an open answer nor alone with us."""
    await town.mention("answer")
    await town.alice.send_dm("answer")
    shown = [*town.said(), *town.said(town.alone)]
    ids = [i for message in shown for i in controls(message)]
    assert ids
    assert not [i for i in ids if i.startswith("handrail:share")]


async def test_changes_the_country_on_a_card_in_place(
    town: Town, responder: ScriptedResponder
) -> None:
    """The member's own card is changed; no second one appears."""
    card = await town.ask("urgent")
    select = control(card, "country:")
    result = await town.alice.select(card, ["QA"], custom_id=select)
    assert result.response is None or result.response.id == card.id
    assert not result.followups
    assert responder.regions[-1] == "QA"
    now = controls(card)[control(card, "country:")]
    assert [o["value"] for o in now["options"] if o.get("default")] == ["QA"]


async def test_turns_the_pages_of_countries(town: Town) -> None:
    """There are more countries than one select holds."""
    card = await town.ask("urgent")
    select = control(card, "country:")
    first = controls(card)[select]["options"]
    more = first[-1]["value"]
    await town.alice.select(card, [more], custom_id=select)
    turned = controls(card)[control(card, "country:")]
    codes = {o["value"] for o in turned["options"]} | {o["value"] for o in first}
    assert len([code for code in codes if len(code) == 2]) == 41


async def test_leaves_an_open_card_as_it_is(town: Town) -> None:
    """One member's country must not change what another one reads."""
    await town.mention("urgent")
    (card,) = town.said()
    select = control(card, "country:")
    shown = used(await town.alice.select(card, ["QA"], custom_id=select))
    assert shown.ephemeral
    assert [m.content for m in town.said()] == [card.content]


async def test_counts_one_verdict_for_each_reply(town: Town, store: MemoryStore) -> None:
    """Judging the same open reply again changes the verdict and adds none."""
    await town.mention("answer")
    (answer,) = town.said()
    for given in ("helpful", "helpful", "wrong"):
        await town.alice.click(answer, custom_id=verdict(answer, given))
    (tally,) = await store.load_feedback(town.community)
    assert (tally.helpful, tally.wrong, tally.outdated) == (0, 1, 0)


async def test_counts_two_replies_as_two(town: Town, store: MemoryStore) -> None:
    """The key that makes a reply count once is another one for every reply."""
    for _ in range(2):
        answer = await town.ask("answer")
        await town.alice.click(answer, custom_id=verdict(answer, "helpful"))
    (tally,) = await store.load_feedback(town.community)
    assert tally.helpful == 2


async def test_takes_the_verdict_buttons_off_a_private_reply(town: Town) -> None:
    """Said once is said; the rest of the reply stays as it is."""
    answer = await town.ask("answer")
    pressed = await town.alice.click(answer, custom_id=verdict(answer, "helpful"))
    assert not [i for i in controls(answer) if i.startswith("handrail:verdict:")]
    assert DETAILS in controls(answer)
    assert pressed.followups[0].ephemeral


@pytest.mark.parametrize("keeps", [Keeps()])
async def test_asks_for_no_verdict_that_is_not_kept(town: Town) -> None:
    """Without a place for them there are no buttons."""
    answer = await town.ask("answer")
    assert not [i for i in controls(answer) if i.startswith("handrail:verdict:")]


@pytest.mark.parametrize("keeps", [Keeps(feedback=True, reasons=True)])
async def test_asks_why_and_keeps_the_reason_scrubbed(town: Town, store: MemoryStore) -> None:
    """The verdict counts before the form is filled in; the reason joins it, without addresses."""
    answer = await town.ask("answer")
    shown = await town.alice.click(answer, custom_id=verdict(answer, "wrong"))
    assert shown.modal is not None
    (tally,) = await store.load_feedback(town.community)
    assert (tally.wrong, tally.reasons) == (1, ())
    with structlog.testing.capture_logs() as logs:
        await town.alice.submit_modal(shown, {"reason": "link is dead, mail jo@example.org"})
    (tally,) = await store.load_feedback(town.community)
    assert tally.wrong == 1
    assert tally.reasons == ("link is dead, mail [e-mail]",)
    assert "dead" not in str(logs)


async def test_asks_for_no_reason_that_is_not_kept(town: Town, store: MemoryStore) -> None:
    """The verdict alone is counted, and thanked for."""
    answer = await town.ask("answer")
    pressed = await town.alice.click(answer, custom_id=verdict(answer, "wrong"))
    assert pressed.modal is None
    (tally,) = await store.load_feedback(town.community)
    assert (tally.entry, tally.wrong) == ("lithium", 1)


async def test_thanks_although_the_store_is_broken(town: Town, store: MemoryStore) -> None:
    """A verdict that cannot be kept costs the verdict and nothing else."""
    store.broken = True
    answer = await town.ask("answer")
    pressed = await town.alice.click(answer, custom_id=verdict(answer, "helpful"))
    assert pressed.followups


async def test_every_control_works_after_a_restart(town: Town, service: ScriptedService) -> None:
    """Ids say everything: what was sent before the restart is understood after it."""
    await town.mention("answer")
    (answer,) = town.said()
    await town.env.restart_bot(DiscordAdapter(SecretStr("no-token"), service).open_client())
    details = await town.press(answer, DETAILS)
    assert ANSWER.details[0].heading in words(details)
    opened = used(await town.alice.select(answer, ["bipolar"], custom_id="handrail:pick"))
    assert "no longer here" in words(opened)


@pytest.mark.parametrize("custom_id", ["somebody:else", "handrail:unknown:thing", "handrail:"])
async def test_passes_over_controls_it_does_not_know(town: Town, custom_id: str) -> None:
    """Another bot's ids, or those of a version that nobody remembers, do no harm."""
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="?", custom_id=custom_id))
    view.stop()
    channel = town.env.bot.get_partial_messageable(town.channel.id)
    await channel.send("?", view=view)
    (message,) = town.said()
    result = await town.alice.click(message, custom_id=custom_id)
    assert result.response is None


async def test_shares_no_more_than_one_answer_in_half_a_minute(town: Town) -> None:
    """It names nobody, so it must not become a way to flood a channel; the button stays."""
    for _ in range(2):
        answer = await town.ask("answer")
        pressed = await town.alice.click(answer, custom_id=control(answer, "share:"))
    assert len(town.said()) == 1
    assert "a moment ago" in words(used(pressed))
    assert control(answer, "share:")


@pytest.mark.parametrize("keeps", [Keeps(feedback=True, reasons=True)])
async def test_sees_danger_in_a_reason(town: Town) -> None:
    """A form is the last place where somebody may write that they are in danger."""
    answer = await town.ask("answer")
    shown = await town.alice.click(answer, custom_id=verdict(answer, "wrong"))
    sent = await town.alice.submit_modal(shown, {"reason": "check"})
    assert [title(message) for message in sent.followups] == [None, CHECK.title]
