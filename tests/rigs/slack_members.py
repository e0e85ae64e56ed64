"""What members of the rig's workspace do: write, use commands, press, choose, fill in modals."""

import abc
from collections.abc import Mapping
from typing import Any

from tests.rigs.slack_deliveries import Deliveries
from tests.rigs.slack_payloads import (
    BOT,
    CHANNEL,
    MEMBER,
    TEAM,
    Fields,
    Value,
    block_of,
    command_delivery,
    controls_in,
    held,
    in_message,
    in_view,
    interaction,
    new_ts,
    to_action,
    to_state,
)

SHORTCUT = "handrail:answer"


class Members(Deliveries):
    """What people do, each as one method.

    Everything is done by the admin in the first channel unless `by`, `channel` or `thread` say
    something else. What is delivered and not acknowledged in time raises Untaken.
    """

    # Messages ---------------------------------------------------------------------------------

    async def mention(self, text: str, *, also_as_message: bool = False, **more: Any) -> str:
        """Write `text` in the channel, calling the bot, and return the message's `ts`.

        Args:
            text: The words beside the bot's name.
            also_as_message: Deliver it as a message of the channel too, under another event id,
                as Slack does for apps that may read along.
            more: Of the event, such as `thread_ts`, `user` or `channel`.
        """
        event = {"type": "app_mention", "user": MEMBER, "text": f"<@{BOT}> {text}"}
        event = {**event, "ts": new_ts(), "channel": CHANNEL, "team": TEAM, **more}
        await self.event(event)
        if also_as_message:
            await self.event({**event, "type": "message", "channel_type": "channel"})
        return str(event["ts"])

    async def say(self, text: str, **more: Any) -> str:
        """Write `text` in the channel, not to the bot, and return the message's `ts`."""
        event = {"type": "message", "channel_type": "channel", "user": MEMBER, "text": text}
        event = {**event, "ts": new_ts(), "channel": CHANNEL, "team": TEAM, **more}
        await self.event(event)
        return str(event["ts"])

    async def direct(self, text: str, **more: Any) -> str:
        """Write `text` to the bot by direct message and return the conversation's id."""
        event = {"type": "message", "channel_type": "im", "user": MEMBER, "text": text, **more}
        channel = str(event.get("channel") or await self.open_direct(str(event["user"])))
        await self.event({"ts": new_ts(), "team": TEAM, **event, "channel": channel})
        return channel

    async def by_other_bot(self, text: str, *, kind: str = "app_mention", **more: Any) -> str:
        """Let another app's bot write `text`, calling ours; return the message's `ts`."""
        other = {"user": "U0OTHERBOT", "bot_id": "B0OTHERBOT", "app_id": "A0OTHER"}
        event = {"type": kind, "text": f"<@{BOT}> {text}", "ts": new_ts(), "channel": CHANNEL}
        event |= {} if kind == "app_mention" else {"channel_type": "channel"}
        await self.event({**event, **other, **more})
        return str(event["ts"])

    # Commands and shortcuts -------------------------------------------------------------------

    async def command(
        self,
        text: str,
        command: str = "/ask",
        *,
        channel: str = CHANNEL,
        by: str = MEMBER,
        team: str = TEAM,
    ) -> tuple[Any, str]:
        """Type a slash command; return the acknowledgement and the response address' id."""
        answers = self.new_response_id()
        delivery = command_delivery(
            command=command,
            text=text,
            channel=channel,
            user=by,
            team=team,
            url=self.address_of(answers),
            trigger=self.new_trigger(by),
        )
        return await self.deliver(delivery), answers

    async def shortcut(  # noqa: PLR0913 - all by name
        self,
        message: str | Fields,
        callback_id: str = SHORTCUT,
        *,
        author: str = MEMBER,
        channel: str = CHANNEL,
        thread: str = "",
        by: str = MEMBER,
    ) -> str:
        """Pick a message shortcut on a message; return the response address' id.

        Args:
            message: The message, or the words of one.
            callback_id: Which shortcut.
            author: Who wrote the message.
            channel: Where it stands; the bot need not be there.
            thread: The thread that it stands in.
            by: Who picks the shortcut.
        """
        answers = self.new_response_id()
        if isinstance(message, str):
            written = {"type": "message", "user": author, "ts": new_ts(), "text": message}
            message = {**written, "team": TEAM, **({"thread_ts": thread} if thread else {})}
        delivery = interaction(
            "message_action",
            by,
            TEAM,
            callback_id=callback_id,
            trigger_id=self.new_trigger(by),
            response_url=self.address_of(answers),
            action_ts=new_ts(),
            message_ts=message["ts"],
            message=message,
            channel={"id": channel, "name": "general"},
        )
        await self.deliver(delivery)
        return answers

    async def global_shortcut(self, callback_id: str, *, by: str = MEMBER) -> None:
        """Pick a shortcut that belongs to no message; there is no response address."""
        trigger = self.new_trigger(by)
        more = {"callback_id": callback_id, "trigger_id": trigger, "action_ts": new_ts()}
        await self.deliver(interaction("shortcut", by, TEAM, **more))

    # Controls ---------------------------------------------------------------------------------

    async def press(  # noqa: PLR0913 - all by name
        self,
        control: Fields,
        value: Value = "",
        *,
        channel: str = CHANNEL,
        ephemeral: bool = False,
        thread: str = "",
        message: Fields | None = None,
        by: str = MEMBER,
    ) -> str:
        """Use a control in a message of `channel`; return the response address' id.

        Args:
            control: The element as the bot sent it: a button, a select, feedback buttons, a field.
            value: What is chosen or typed; `positive` or `negative` for feedback buttons.
            channel: Where the message stands.
            ephemeral: Whether only this member sees it; Slack then does not show it to the bot.
            thread: The thread that it stands in.
            message: The message; without it a bare one stands for it.
            by: Who does it.
        """
        answers = self.new_response_id()
        shown = message or {
            "type": "message",
            "user": BOT,
            "ts": new_ts(),
            "text": "",
            "blocks": [],
        }
        thread = thread or str(shown.get("thread_ts") or "")
        if thread:
            shown = {**shown, "thread_ts": thread}
        block = block_of(shown.get("blocks") or [], control["action_id"])
        state = {block: {control["action_id"]: to_state(control, value)}}
        delivery = interaction(
            "block_actions",
            by,
            TEAM,
            trigger_id=self.new_trigger(by),
            response_url=self.address_of(answers),
            actions=[to_action(control, value, block)],
            state={"values": state if "select" in control["type"] else {}},
            **in_message(channel, shown["ts"], ephemeral=ephemeral, thread=thread),
            **({} if ephemeral else {"message": shown}),
        )
        await self.deliver(delivery)
        return answers

    async def press_in_view(
        self,
        control: Fields | str,
        value: Value = "",
        *,
        view: Fields | None = None,
        by: str = MEMBER,
    ) -> None:
        """Use a control in a modal or on the home tab.

        Args:
            control: The element, or its `action_id`.
            value: What is chosen or typed.
            view: Where it stands; the modal that is open, or else the home tab, if not given.
            by: Who does it.
        """
        view = view or (self.view(by) if self.modals.get(by) else self.homes[by])
        control = find_control(view, control) if isinstance(control, str) else control
        block = block_of(view["blocks"], control["action_id"])
        parent = view["id"] if view["type"] == "modal" else ""
        delivery = interaction(
            "block_actions",
            by,
            TEAM,
            trigger_id=self.new_trigger(by, parent),
            actions=[to_action(control, value, block)],
            **in_view(view),
        )
        await self.deliver(delivery)

    async def suggest(
        self, control: Fields, typed: str, *, view: Fields | None = None, by: str = MEMBER
    ) -> Fields:
        """Type into a select whose options the bot looks up; return what it offers."""
        where = in_view(view) if view else in_message(CHANNEL, new_ts(), ephemeral=False)
        asked = {"action_id": control["action_id"], "block_id": "b", "value": typed}
        found = await self.deliver(interaction("block_suggestion", by, TEAM, **asked, **where))
        options = [o for g in found.get("option_groups", [found]) for o in g["options"]]
        assert len(options) <= 100, f"{len(options)} options, 100 are allowed"
        return dict(found)

    # Modals and the home tab ------------------------------------------------------------------

    async def submit(
        self, values: Mapping[str, Value] | None = None, *, by: str = MEMBER
    ) -> Fields | None:
        """Send the modal that is open; return what the bot answers, which is done to it.

        Args:
            values: What was filled in, by `action_id`.
            by: Who does it.

        Raises:
            AssertionError: Slack would not let it be sent so, or does not take the answer.
        """
        view = self.view(by)
        filled = {**view, "state": {"values": filled_in(view, values or {})}}
        delivery = interaction(
            "view_submission",
            by,
            TEAM,
            view=filled,
            response_urls=[],
            trigger_id=self.new_trigger(by, view["id"]),
        )
        answer = await self.deliver(delivery)
        self.finish(by, answer, self.check_view)
        return dict(answer) if answer else None

    async def close_modal(self, *, by: str = MEMBER) -> None:
        """Close the modal that is open without sending it; the bot is told if it wants to be."""
        view = self.modals[by].pop()
        if view["notify_on_close"]:
            await self.deliver(interaction("view_closed", by, TEAM, view=view, is_cleared=False))

    async def open_home(self, tab: str = "home", *, by: str = MEMBER) -> str:
        """Open the app: its home tab or, with `messages`, the conversation with it.

        Returns:
            The conversation's id.
        """
        channel = await self.open_direct(by)
        event = {"type": "app_home_opened", "user": by, "channel": channel, "tab": tab}
        known = {"view": self.homes[by]} if tab == "home" and by in self.homes else {}
        await self.event({**event, **known})
        return channel

    @abc.abstractmethod
    def address_of(self, answers: str) -> str:
        """Return a response address by its id."""


def find_control(part: Mapping[str, Any], action_id: str) -> Fields:
    """Return the control of that id, or whose id begins so, in a message or view.

    Raises:
        AssertionError: There is none.
    """
    found = controls_in(part)
    fitting = [control for control in found if control["action_id"].startswith(action_id)]
    assert fitting, f"{action_id} is not among {[control['action_id'] for control in found]}"
    return next((c for c in fitting if c["action_id"] == action_id), fitting[0])


def filled_in(view: Fields, values: Mapping[str, Value]) -> Fields:
    """Return the state of a view whose fields hold `values`, by block and `action_id`.

    Raises:
        AssertionError: A field that must be filled in is not, or there is no such field.
    """
    known = {control["action_id"] for control in controls_in(view["blocks"])}
    assert set(values) <= known, f"no such fields: {set(values) - known}"
    state: Fields = {}
    for block in view["blocks"]:
        for control in controls_in(block):
            if control["type"] == "button":
                continue
            value = values.get(control["action_id"], held(control))
            needed = block["type"] == "input" and not block.get("optional")
            assert value or not needed, f"{control['action_id']} must be filled in"
            state.setdefault(block["block_id"], {})[control["action_id"]] = to_state(control, value)
    return state
