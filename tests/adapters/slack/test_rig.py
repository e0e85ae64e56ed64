"""The fake Slack does to the real slack-bolt what Slack does, as far as its documents say."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.conftest import until
from tests.adapters.slack.rig_app import (
    COUNTRIES,
    JUDGED,
    LOOKED_UP,
    Echo,
    button,
    connected,
    listening,
)
from tests.rigs.slack_front import (
    BOT,
    BOT_TOKEN,
    GROUP,
    MEMBER,
    SECOND_CHANNEL,
    SlackFront,
    find_control,
    message_of,
)

pytestmark = pytest.mark.wire


@pytest.fixture(params=["socket", "http"])
async def echo(front: SlackFront, request: pytest.FixtureRequest) -> AsyncIterator[Echo]:
    """An app that says everything back, in both modes."""
    async with (connected if request.param == "socket" else listening)(front) as found:
        yield found


# What members write ---------------------------------------------------------------------------


async def test_delivers_a_mention_twice_to_who_may_read_along(
    front: SlackFront, echo: Echo
) -> None:
    """As `app_mention` and as `message`, one message under two event ids."""
    ts = await front.mention("hello", also_as_message=True)
    await until(lambda: len(front.taken()) == 2)
    assert [kind for kind, _ in echo.heard] == ["app_mention", "message"]
    assert {event["ts"] for _, event in echo.heard} == {ts}
    assert len(set(echo.event_ids)) == 2
    assert front.taken()[0].fields["thread_ts"] == ts


async def test_delivers_direct_messages_and_the_answers_to_them(
    front: SlackFront, echo: Echo
) -> None:
    """Also of others than the admin; what the bot writes there comes back to it."""
    bob = front.people["bob"]
    channel = await front.direct("hello", user=bob)
    assert channel != await front.open_direct()
    await until(lambda: echo.times("message") == 2)
    assert echo.heard[0][1]["user"] == bob
    own = echo.last("message")
    assert (own["user"], own["channel"], own["text"]) == (BOT, channel, "hello")
    assert own["bot_id"]
    assert len(front.taken(channel=channel)) == 1


async def test_delivers_what_other_bots_and_others_in_threads_write(
    front: SlackFront, echo: Echo
) -> None:
    """With who wrote it, where, and in which thread."""
    await front.by_other_bot("ping")
    assert echo.last("app_mention")["bot_id"] == "B0OTHERBOT"
    await front.say("talk", channel=SECOND_CHANNEL, thread_ts="1.5", user=front.people["mo"])
    said = echo.last("message")
    assert (said["channel"], said["thread_ts"]) == (SECOND_CHANNEL, "1.5")
    assert said["channel_type"] == "channel"


async def test_shows_who_is_an_admin_an_owner_and_in_a_group(front: SlackFront, echo: Echo) -> None:
    """For what only moderators may do; without the scope it is refused."""
    bob, mo = front.people["bob"], front.people["mo"]
    front.owners.add(mo)
    front.groups[GROUP].append(bob)
    client = echo.app.client
    async with echo.noted():
        assert (await client.usergroups_users_list(usergroup=GROUP))["users"] == [bob]
        await client.usergroups_users_list(usergroup="S0NOBODY")
    front.scopes = set()
    async with echo.noted():
        await client.usergroups_users_list(usergroup=GROUP)
    assert echo.refused == ["no_such_subteam", "missing_scope"]
    async with SlackFront() as plain:
        plain.owners.add(mo)
        client.base_url = plain.api_url
        found = [(await client.users_info(user=user))["user"] for user in (MEMBER, mo, bob)]
    assert [(p["is_admin"], p["is_owner"]) for p in found] == [
        (True, False),
        (True, True),
        (False, False),
    ]


# Commands, shortcuts, controls ----------------------------------------------------------------


async def test_takes_an_acknowledgement_with_words_and_five_answers(
    front: SlackFront, echo: Echo
) -> None:
    """A sixth to the same address is refused."""
    acknowledged, answers = await front.command("again again again again again")
    assert acknowledged["text"].startswith("noted again")
    await until(lambda: echo.refused)
    assert len(front.answers[answers]) == 5
    assert echo.refused == ["404 used_url"]


async def test_shows_a_message_whole_to_a_shortcut(front: SlackFront, echo: Echo) -> None:
    """Wherever it stands and whoever wrote it; the answer goes to the response address."""
    bob = front.people["bob"]
    answers = await front.shortcut("between us", "pick", author=bob, channel="C0ELSEWHERE")
    await until(lambda: front.answers[answers])
    body = echo.last("shortcut")
    assert body["type"] == "message_action"
    assert (body["message"]["user"], body["channel"]["id"]) == (bob, "C0ELSEWHERE")
    assert front.answers[answers][0]["text"] == "between us"


async def test_tells_of_controls_what_slack_tells(front: SlackFront, echo: Echo) -> None:
    """Buttons and feedback by their value, selects by their option; feedback again and again."""
    await front.press(button("open"))
    await front.press(COUNTRIES, "DE")
    assert echo.last("country")["actions"][0]["selected_option"]["value"] == "DE"
    for value in ("positive", "positive", "negative"):
        await front.press(JUDGED, value)
    judged = [body["actions"][0] for kind, body in echo.heard if kind == "judged"]
    assert [action["value"] for action in judged] == ["helpful", "helpful", "wrong"]
    assert judged[0]["type"] == "feedback_buttons"
    assert judged[0]["text"]["text"] == "Good"
    with pytest.raises(AssertionError, match="no option"):
        await front.press(COUNTRIES, "XX")


async def test_hides_a_private_message_from_who_wrote_it(front: SlackFront, echo: Echo) -> None:
    """Of a message for one reader the bot learns where it stands, and not what it says."""
    await front.mention("board")
    await until(front.taken)
    shown = message_of(front.taken()[0])
    judged = find_control(shown, "judged")
    await front.press(judged, "positive", message=shown)
    body = echo.last("judged")
    assert body["message"]["blocks"][0]["type"] == "actions"
    assert body["actions"][0]["block_id"] == body["message"]["blocks"][1]["block_id"]
    await front.press(judged, "positive", message=shown, ephemeral=True)
    assert "message" not in echo.last("judged")
    assert echo.last("judged")["container"]["is_ephemeral"]


async def test_takes_a_trigger_once_and_for_three_seconds(front: SlackFront, echo: Echo) -> None:
    """The second window with one trigger is refused, and one that comes too late."""
    await front.press(button("open"))
    await until(lambda: echo.refused)
    assert front.view()["title"]["text"] == "Why"
    front.trigger_life = 0.1
    await front.press(button("slow"))
    await until(lambda: len(echo.refused) == 2)
    assert echo.refused == ["exchanged_trigger_id", "expired_trigger_id"]
    with pytest.raises(AssertionError, match="no modal"):
        front.view(front.people["bob"])


async def test_does_with_a_modal_what_the_answer_says(front: SlackFront, echo: Echo) -> None:
    """Errors keep it, updates change it, another one lies on top, and an empty answer closes it."""
    await front.press(button("open"))
    await until(lambda: front.modals)
    with pytest.raises(AssertionError, match="must be filled in"):
        await front.submit()
    told = await front.submit({"why": "short"})
    assert told == {"response_action": "errors", "errors": {"why": "too short"}}
    with pytest.raises(AssertionError, match="unknown blocks"):
        await front.submit({"why": "elsewhere"})
    await front.submit({"why": "update"})
    assert front.view()["title"]["text"] == "Changed"
    await front.press_in_view("more")
    await until(lambda: len(front.modals[MEMBER]) == 2)
    assert await front.submit({"why": "because"}) is None
    assert len(front.modals[MEMBER]) == 1
    await front.submit({"why": "all"})
    assert not front.modals[MEMBER]
    assert echo.last("view")["state"]["values"]["why"]["why"]["value"] == "all"


async def test_shows_the_home_tab_and_what_is_used_there(front: SlackFront, echo: Echo) -> None:
    """A search that is dispatched comes as an action with the view; the view can be changed."""
    channel = await front.open_home()
    await until(lambda: MEMBER in front.homes)
    assert echo.last("app_home_opened")["channel"] == channel
    await front.press_in_view("search", "lithium")
    await until(lambda: front.homes[MEMBER]["blocks"][0]["type"] == "actions")
    body = echo.last("search")
    assert body["actions"][0]["value"] == "lithium"
    assert body["view"]["type"] == "home"
    assert "response_url" not in body
    await front.open_home("messages")
    assert echo.last("app_home_opened")["tab"] == "messages"


async def test_takes_options_for_what_is_half_typed(front: SlackFront, echo: Echo) -> None:
    """A select can look its options up."""
    found = await front.suggest(LOOKED_UP, "lith")
    assert found["options"][0]["text"]["text"] == "LITH"
    assert echo.last("options") == "lith"


async def test_takes_the_app_out_of_a_workspace(front: SlackFront, echo: Echo) -> None:
    """Its token is good no more, and it is told."""
    await front.uninstall(BOT_TOKEN)
    assert [kind for kind, _ in echo.heard] == ["tokens_revoked", "app_uninstalled"]
    async with echo.noted():
        await echo.app.client.auth_test()
    assert echo.refused == ["token_revoked"]
