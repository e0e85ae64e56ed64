"""What members of the fake Discord do: write, use commands, press, choose, fill in windows."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping

from tests.rigs.discord_interactions import (
    ANSWERED,
    COMMAND,
    DEFERRED,
    PRESS,
    SUBMITTED,
    TYPING,
    UPDATED,
    Interaction,
    owners,
)
from tests.rigs.discord_payloads import (
    ALICE,
    APP,
    BOT,
    CHANNEL,
    EVERY_PERMISSION,
    ME,
    Payload,
    Person,
    components_in,
    member,
)
from tests.rigs.discord_sessions import Sessions

Value = str | int | float | bool
SLASH, ON_MESSAGE = 1, 3
_SUB, _GROUP, _BOOLEAN, _CHANNEL = 1, 2, 5, 7
_SELECT, _INPUT, _LABELLED, _ROW, _DISPLAY = 3, 4, 18, 1, 10
_REPLY = 19
# How much longer than Discord we wait, so that an answer that comes too late is seen refused, and
# how long for what was promised by "thinking ...".
_LATER, _TOLD_WITHIN = 0.5, 4.0


class Members(Sessions):
    """What people do, each as one method that returns what came of it.

    Everything is done by Alice in the first server's channel unless `by`, `at` (a channel's id)
    or `direct` say something else.

    Attributes:
        cut_every: Break the connection whenever so many interactions were delivered, or None.
        app_permissions: What the bot may do in the channels where it is used.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cut_every: int | None = None
        self.app_permissions = EVERY_PERMISSION
        self._delivered = 0

    # Messages -----------------------------------------------------------------------------

    async def say(  # noqa: PLR0913 - all by name
        self,
        text: str,
        *,
        mention: bool = False,
        direct: bool = False,
        by: Person = ALICE,
        at: str | None = None,
        reply_to: Payload | None = None,
        ping: bool = True,
    ) -> Payload:
        """Post a message, calling us or not.

        Args:
            text: What it says, the mention included.
            mention: Whether it mentions us.
            direct: Whether it is written to us alone.
            by: Who writes.
            at: The channel.
            reply_to: The message that it answers.
            ping: Whether a reply notifies the author of that message.
        """
        self.people[by.id] = by
        channel = self._where(by, at, direct=direct)
        more: Payload = {}
        if reply_to is not None:
            link = {"message_id": reply_to["id"], "channel_id": reply_to["channel_id"], "type": 0}
            found = self.messages.get(reply_to["id"])
            more = {"type": _REPLY, "message_reference": link, "referenced_message": found}
            mention = mention or (ping and reply_to["author"]["id"] == BOT)
        place = self.guild_of(channel)
        if mention:
            more["mentions"] = [{**ME, "member": member(ME)} if place else ME]
        message = self.add_message({"content": text}, channel, by.user, **more)
        where: Payload = {}
        if place:
            where = {"guild_id": place.id, "member": member(by.user, with_user=False)}
        guild_id = place.id if place else None
        await self.dispatch("MESSAGE_CREATE", {**message, **where}, guild_id=guild_id)
        return message

    async def delete_message(self, message: Payload) -> None:
        """Take a message back."""
        del self.messages[message["id"]]
        place = self.guild_of(message["channel_id"])
        body = {"id": message["id"], "channel_id": message["channel_id"]}
        where = {"guild_id": place.id} if place else {}
        guild_id = place.id if place else None
        await self.dispatch("MESSAGE_DELETE", {**body, **where}, guild_id=guild_id)

    async def create_channel(self, guild_id: str, name: str = "another") -> str:
        """Return the id of a new channel that everybody hears of."""
        channel = self.add_channel(guild_id, name=name)
        await self.dispatch("CHANNEL_CREATE", self.channels[channel], guild_id=guild_id)
        return channel

    async def delete_channel(self, channel: str) -> None:
        """Remove a channel with everything in it."""
        place = self.guild_of(channel)
        body = self.channels.pop(channel)
        if place:
            place.channels.remove(channel)
            await self.dispatch("CHANNEL_DELETE", body, guild_id=place.id)

    # Commands -----------------------------------------------------------------------------

    async def command(
        self,
        name: str,
        /,
        *,
        direct: bool = False,
        by: Person = ALICE,
        at: str | None = None,
        **options: Value,
    ) -> Interaction:
        """Use a slash command; return when it was answered or Discord gave up.

        Args:
            name: Its name; a subcommand's after it, as in `faq-admin disable`.
            direct: Whether it is used in direct messages with us.
            by: Who uses it.
            at: The channel.
            options: What is filled in.
        """
        return await self.use(name, options, by=by, at=self._where(by, at, direct=direct))

    async def use(
        self,
        name: str,
        options: Mapping[str, Value],
        *,
        by: Person = ALICE,
        at: str = CHANNEL,
    ) -> Interaction:
        """Do what `command` does, with any names of options."""
        known, path, wanted = self._known(name, at)
        asked = {option["name"]: option for option in wanted}
        unknown = set(options) - set(asked)
        missing = {o["name"] for o in wanted if o.get("required")} - set(options)
        assert not unknown, f"/{name} has no options {unknown}"
        assert not missing, f"/{name} needs {missing}"
        given = [_filled(asked[option], value) for option, value in options.items()]
        used = _used(known, path, given)
        picked = [option["value"] for option in given if option["type"] == _CHANNEL]
        if picked:
            seen = {"permissions": by.permissions}
            used["resolved"] = {"channels": {c: {**self.channels[c], **seen} for c in picked}}
        return await self._interact(COMMAND, used, by=by, at=at)

    async def complete(  # noqa: PLR0913 - all by name
        self,
        name: str,
        option: str,
        text: str,
        *,
        by: Person = ALICE,
        at: str = CHANNEL,
        others: Mapping[str, Value] | None = None,
    ) -> Interaction:
        """Type into an option that makes suggestions; return when some came or Discord gave up."""
        known, path, wanted = self._known(name, at)
        asked = {o["name"]: o for o in wanted}
        assert asked[option].get("autocomplete"), f"/{name} {option} makes no suggestions"
        given = [_filled(asked[key], value) for key, value in (others or {}).items()]
        given.append({"name": option, "type": asked[option]["type"], "value": text})
        given[-1]["focused"] = True
        return await self._interact(TYPING, _used(known, path, given), by=by, at=at)

    async def use_on(self, name: str, message: Payload, *, by: Person = ALICE) -> Interaction:
        """Use a message command on a message; Discord sends it whole, whatever we may read."""
        at = message["channel_id"]
        known, _, _ = self._known(name, at, ON_MESSAGE)
        used = {
            "id": known["id"],
            "name": known["name"],
            "type": ON_MESSAGE,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(COMMAND, used, by=by, at=at)

    def _known(
        self, name: str, at: str, kind: int = SLASH
    ) -> tuple[Payload, list[Payload], list[Payload]]:
        """Return a command as synchronised, the subcommands on the way, and the last's options."""
        place, commands = self.guild_of(at), [*self.commands]
        if place:
            commands += self.guild_commands.get(place.id, [])
        words = name.split() if kind == SLASH else [name]
        found = [c for c in commands if c["name"] == words[0] and c.get("type", SLASH) == kind]
        assert found, f"{name} was never synchronised"
        context = _context(self, at)
        contexts = found[0].get("contexts")
        assert contexts is None or context in contexts, f"{name} is not offered in {context}"
        types = found[0].get("integration_types") or [0]
        assert self.installed(at) or 1 in types, f"{name} does not come with a person"
        path, level = [], found[0]
        for word in words[1:]:
            (level,) = [o for o in level["options"] if o["name"] == word and o["type"] <= _GROUP]
            path.append(level)
        options = level.get("options") or []
        assert not any(o["type"] in {_SUB, _GROUP} for o in options), f"/{name} needs more words"
        return found[0], path, options

    # Buttons, selects, windows ------------------------------------------------------------

    async def press(self, message: Payload, custom_id: str, *, by: Person = ALICE) -> Interaction:
        """Press a button; return when it was answered or Discord gave up."""
        button = _part(message, custom_id)
        pressed = {"custom_id": custom_id, "component_type": button["type"]}
        return await self._interact(PRESS, pressed, by=by, source=message)

    async def choose(
        self, message: Payload, custom_id: str, *values: str, by: Person = ALICE
    ) -> Interaction:
        """Choose options of a select; return when it was answered or Discord gave up."""
        select = _part(message, custom_id)
        known = {option["value"] for option in select["options"]}
        assert select["type"] == _SELECT
        assert set(values) <= known, f"{custom_id} has no {set(values) - known}"
        assert (select.get("min_values") or 0) <= len(values) <= (select.get("max_values") or 1)
        chosen = {"custom_id": custom_id, "component_type": _SELECT, "values": [*values]}
        return await self._interact(PRESS, chosen, by=by, source=message)

    async def submit(
        self, opened: Interaction, values: Mapping[str, str | list[str]], *, by: Person = ALICE
    ) -> Interaction:
        """Fill in the window that `opened` opened, and send it.

        Args:
            opened: What the window came from.
            values: What is filled in, by custom id; a select takes a list.
            by: Who fills it in.
        """
        assert opened.modal is not None, "no window was opened"
        filled = [*_fill(opened.modal["components"], values)]
        sent = {"custom_id": opened.modal["custom_id"], "components": filled}
        return await self._interact(SUBMITTED, sent, by=by, at=opened.channel, source=opened.source)

    # ------------------------------------------------------------------------------------

    def _where(self, by: Person, at: str | None, *, direct: bool) -> str:
        return self.direct_with(by) if direct else at or CHANNEL

    async def _interact(
        self,
        kind: int,
        used: Payload,
        *,
        by: Person,
        at: str = CHANNEL,
        source: Payload | None = None,
    ) -> Interaction:
        self.people[by.id] = by
        channel = source["channel_id"] if source else at
        interaction = self.interaction(kind, channel, by, source)
        place = self.guild_of(channel)
        body: Payload = {
            "id": interaction.id,
            "application_id": APP,
            "type": kind,
            "data": used,
            "token": interaction.token,
            "version": 1,
            "locale": by.locale,
            "entitlements": [],
            "authorizing_integration_owners": owners(interaction),
            "attachment_size_limit": 10_485_760,
            "app_permissions": self.app_permissions,
            "channel_id": channel,
            "context": _context(self, channel),
            "channel": {**self.channels[channel], "permissions": by.permissions},
            **({"message": source} if source else {}),
        }
        body |= self._in_server(place.id, by) if place else {"user": by.user}
        guild_id = place.id if place else None
        await self.dispatch("INTERACTION_CREATE", body, guild_id=guild_id)
        self._delivered += 1
        if self.cut_every and self._delivered % self.cut_every == 0:
            self.cut()
        await self._answered(interaction)
        return interaction

    async def _answered(self, interaction: Interaction) -> None:
        """Wait until the member sees what was promised, or Discord has given up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.answer_within + _LATER):
                await interaction.taken.wait()
            if interaction.kind in {ANSWERED, DEFERRED, UPDATED}:
                async with asyncio.timeout(_TOLD_WITHIN):
                    await interaction.told.wait()

    def _in_server(self, guild_id: str, by: Person) -> Payload:
        return {
            "guild_id": guild_id,
            "guild": {"id": guild_id, "features": [], "locale": self.locale},
            "guild_locale": self.locale,
            "member": member(by.user, permissions=by.permissions),
        }


def _context(world: Sessions, channel: str) -> int:
    """Return Discord's number for a server, direct messages with us, or any others."""
    if world.guild_of(channel):
        return 0
    return 1 if world.ours(channel) else 2


def _used(known: Payload, path: list[Payload], given: list[Payload]) -> Payload:
    """Return a slash command as it is sent: what is filled in, inside the subcommands."""
    for level in reversed(path):
        given = [{"name": level["name"], "type": level["type"], "options": given}]
    return {"id": known["id"], "name": known["name"], "type": SLASH, "options": given}


def _filled(option: Payload, value: Value) -> Payload:
    """Return an option with what is filled in; Discord's app holds it to what was asked for."""
    if isinstance(value, str):
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        assert least <= len(value) <= most, f"{option['name']} takes {least} to {most} characters"
        known = [choice["value"] for choice in option.get("choices") or ()]
        assert not known or value in known, f"{option['name']} has no choice {value}"
    assert (option["type"] == _BOOLEAN) == isinstance(value, bool)
    return {"name": option["name"], "type": option["type"], "value": value}


def _part(message: Payload, custom_id: str) -> Payload:
    found = [p for p in components_in(message["components"]) if p.get("custom_id") == custom_id]
    known = [p["custom_id"] for p in components_in(message["components"]) if "custom_id" in p]
    assert found, f"the message has no {custom_id}, only {known}"
    assert not found[0].get("disabled"), f"{custom_id} cannot be pressed"
    return found[0]


def _fill(
    parts: list[Payload], values: Mapping[str, str | list[str]], number: int = 1
) -> Iterator[Payload]:
    """Return a window's components as they are sent; discord.py reads labels and rows alike."""
    for place, part in enumerate(parts, start=number):
        if part["type"] == _LABELLED:
            (inner,) = _fill([part["component"]], values, 100 * place)
            yield {"type": _LABELLED, "id": place, "component": inner}
        elif part["type"] == _ROW:
            inner_parts = [*_fill(part["components"], values, 100 * place)]
            yield {"type": _ROW, "id": place, "components": inner_parts}
        elif part["type"] == _DISPLAY:
            yield {"type": _DISPLAY, "id": place}
        else:
            yield {"id": place, **_filled_in(part, values)}


def _filled_in(part: Payload, values: Mapping[str, str | list[str]]) -> Payload:
    name, needed = part["custom_id"], part.get("required", True)
    value = values.get(name, part.get("value") or "" if part["type"] == _INPUT else [])
    assert value or not needed, f"{name} must be filled in"
    if part["type"] != _INPUT:
        return {"type": part["type"], "custom_id": name, "values": value}
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    assert not value or least <= len(value) <= most, f"{name} takes {least} to {most} characters"
    return {"type": _INPUT, "custom_id": name, "value": value}
