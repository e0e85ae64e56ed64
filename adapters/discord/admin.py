"""What moderators use on Discord: `/faq-admin`, whose answers only they see."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from adapters.discord.commands import MAX_CHOICE, Command, to_choices
from adapters.discord.convert import is_guest, to_community, to_picked
from adapters.discord.delivery import Delivery, Work
from adapters.discord.places import in_answer
from adapters.discord.words import command_words
from bot.domain import Choice
from bot.moderation import Moderation

Interaction = discord.Interaction[Any]
Words = Callable[[str], str | Awaitable[str]]
_UNWRITABLE = (discord.Forbidden, discord.NotFound)


class _Channel(app_commands.Transformer):
    """A channel as it was picked, known to us or not.

    Args:
        kinds: The kinds of channel that Discord offers.
    """

    def __init__(self, *kinds: discord.ChannelType) -> None:
        self._kinds = list(kinds)

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channel that Discord offers."""
        return self._kinds

    async def transform(self, interaction: Interaction, value: Any, /) -> Any:
        """Return what Discord says about the channel."""
        del interaction
        return value


_WRITTEN = (discord.ChannelType.text, discord.ChannelType.news)
# A thread belongs to the channel that it stands in.
_Helped = app_commands.Transform[
    app_commands.AppCommandChannel, _Channel(*_WRITTEN, discord.ChannelType.forum)
]
_Told = app_commands.Transform[app_commands.AppCommandChannel, _Channel(*_WRITTEN)]


class Admin:
    """Checks who asks, lets Moderation do it, and answers so that nobody else sees it.

    Nothing is remembered between two commands.

    Args:
        delivery: Gets answers to moderators.
        moderation: What they can see and change.
        message_content: The operator lets us read messages that do not call us.
        connection: Says how the connection to Discord stands.
    """

    def __init__(
        self,
        delivery: Delivery,
        moderation: Moderation,
        *,
        message_content: bool,
        connection: Callable[[], str],
    ) -> None:
        self._delivery = delivery
        self._moderation = moderation
        self._message_content = message_content
        self._connection = connection

    def group(self) -> app_commands.Group:
        """Return `/faq-admin`, for those who manage the server; a server can choose others.

        Raises:
            ValueError: Discord allows no such name.
        """
        moderation = self._moderation
        group = self._group("admin")
        group.guild_only = True
        group.allowed_contexts = app_commands.AppCommandContext(guild=True)
        group.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
        group.default_permissions = discord.Permissions(manage_guild=True)
        settings = self._group("settings")
        show = self._plain("show", lambda c: moderation.settings(c, written))
        for setting in (show, self._help_channel(), self._region(), self._alerts()):
            settings.add_command(setting)
        for command in (
            self._plain("status", self._status),
            self._plain("reload", moderation.reload, slow=True),
            self._plain("unanswered", moderation.unanswered),
            self._plain("feedback", moderation.feedback),
            self._switch("disable", moderation.disable, enabled=True),
            self._switch("enable", moderation.enable, enabled=False),
            self._preview(),
            settings,
        ):
            group.add_command(command)
        return group

    # Commands -----------------------------------------------------------------------------

    def _plain(self, key: str, words: Words, *, slow: bool = False) -> Command:
        async def use(interaction: Interaction) -> None:
            await self._answer(interaction, key, words, slow=slow)

        return self._command(key, use)

    def _switch(
        self, key: str, change: Callable[[str, str], Awaitable[str]], *, enabled: bool
    ) -> Command:
        async def use(interaction: Interaction, entry: str) -> None:
            await self._answer(interaction, key, lambda community: change(community, entry))

        return self._on_entry(key, use, enabled=enabled)

    def _preview(self) -> Command:
        async def use(interaction: Interaction, entry: str) -> None:
            region = self._delivery.region(interaction)
            community = to_community(interaction)

            async def work() -> None:
                reply = self._moderation.preview(community or "", entry, region)
                if reply is None:
                    unknown = self._moderation.unknown(community or "", entry)
                    await self._delivery.tell(interaction, unknown)
                else:
                    await self._delivery.send(reply, in_answer(interaction), community)

            await self._guarded(interaction, "preview", work)

        return self._on_entry("preview", use, enabled=None)

    def _help_channel(self) -> Command:
        words = self._words

        @app_commands.rename(channel=words("channel"), on=words("on"))
        @app_commands.describe(channel=words("channel_about"), on=words("on_about"))
        async def use(interaction: Interaction, channel: _Helped, on: bool) -> None:
            await self._answer(
                interaction, "help-channel", lambda c: self._set_help_channel(c, channel.id, on=on)
            )

        return self._command("help_channel", use)

    def _region(self) -> Command:
        @app_commands.rename(country=self._words("country"))
        @app_commands.describe(country=self._words("country_about"))
        async def use(interaction: Interaction, country: str | None = None) -> None:
            await self._answer(
                interaction, "region", lambda c: self._moderation.set_region(c, country)
            )

        async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            if self._refusal(interaction):
                return []
            return to_choices(self._delivery.responder(interaction).find_countries(typed))

        command = self._command("region", use)
        command.autocomplete("country")(suggest)
        return command

    def _alerts(self) -> Command:
        @app_commands.rename(channel=self._words("channel"))
        @app_commands.describe(channel=self._words("channel_about"))
        async def use(interaction: Interaction, channel: _Told | None = None) -> None:
            await self._answer(
                interaction,
                "alerts",
                lambda c: self._set_alerts(
                    c, interaction.client, None if channel is None else channel.id
                ),
                slow=True,
            )

        return self._command("alerts", use)

    # What they do -------------------------------------------------------------------------

    def _status(self, community: str) -> str:
        message = self._delivery.message
        more = [message("admin.status_connection", state=self._connection())]
        helped = self._delivery.service.settings(community).help_channels
        if helped and not self._message_content:
            more.append(message("admin.status_unread"))
        return self._moderation.status(community, written, more)

    async def _set_help_channel(self, community: str, channel: int, *, on: bool) -> str:
        if on and not self._message_content:
            return self._delivery.message("admin.help_channel_needs_intent")
        return await self._moderation.set_help_channel(community, str(channel), written, on=on)

    async def _set_alerts(self, community: str, client: discord.Client, channel: int | None) -> str:
        """Write to the channel first: whether we may write there shows in no other way."""
        if channel is None:
            return await self._moderation.set_alerts(community, None, written)
        message = self._delivery.message
        try:
            place = client.get_partial_messageable(channel)
            told = await place.send(message("alerts.test"))
        except _UNWRITABLE:
            return message("admin.alerts_refused")
        said = await self._moderation.set_alerts(community, str(channel), written)
        if self._delivery.service.settings(community).alerts_channel != str(channel):
            # It says that alerts come there now, which is not so.
            with contextlib.suppress(discord.HTTPException):
                await told.delete()
        return said

    # --------------------------------------------------------------------------------------

    async def _answer(
        self, interaction: Interaction, used: str, words: Words, *, slow: bool = False
    ) -> None:
        """Answer with `words` for the community, if whoever asks may know.

        Args:
            interaction: What was used.
            used: Its name, for the log.
            words: Gives the words, and does what they say.
            slow: It may take longer than Discord waits for a first answer.
        """

        async def work() -> None:
            if slow:
                await interaction.response.defer(ephemeral=True, thinking=True)
            found = words(to_community(interaction) or "")
            text = found if isinstance(found, str) else await found
            await self._delivery.tell(interaction, text)

        await self._guarded(interaction, used, work)

    async def _guarded(self, interaction: Interaction, used: str, work: Work) -> None:
        async def checked() -> None:
            refusal = self._refusal(interaction)
            if refusal:
                await self._delivery.tell(interaction, self._delivery.message(refusal))
            else:
                await work()

        where = (to_community(interaction), self._delivery.region(interaction))
        await self._delivery.guarded(f"admin {used}", where, in_answer(interaction), checked)

    def _refusal(self, interaction: Interaction) -> str:
        """Return the key of why whoever asks may not know, or nothing.

        A server can open the command to more people than manage it; we do not follow that.
        """
        if interaction.guild_id is None or is_guest(interaction):
            return "admin.server_only"
        allowed = interaction.permissions
        return "" if allowed.manage_guild or allowed.administrator else "admin.not_allowed"

    def _on_entry(self, key: str, use: Any, *, enabled: bool | None) -> Command:
        @app_commands.rename(entry=self._words("entry"))
        @app_commands.describe(entry=self._words("entry_about"))
        async def named(
            interaction: Interaction, entry: app_commands.Range[str, 1, MAX_CHOICE]
        ) -> None:
            await use(interaction, entry)

        async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            if self._refusal(interaction):
                return []
            community = to_community(interaction) or ""
            return _offers(self._moderation.entries(community, typed, enabled=enabled))

        command = self._command(key, named)
        command.autocomplete("entry")(suggest)
        return command

    def _command(self, key: str, callback: Any) -> Command:
        name, about = self._words(key), self._words(f"{key}_about")
        return app_commands.Command(name=name, description=about, callback=callback)

    def _group(self, key: str) -> app_commands.Group:
        return app_commands.Group(name=self._words(key), description=self._words(f"{key}_about"))

    def _words(self, key: str) -> app_commands.locale_str:
        return command_words(self._delivery.service.responder(), key)


def written(channel: str) -> str:
    """Return how Discord writes the channel with this id."""
    return f"<#{channel}>"


def _offers(choices: tuple[Choice, ...]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=choice.title[:MAX_CHOICE], value=to_picked(choice.entry))
        for choice in choices
        if len(to_picked(choice.entry)) <= MAX_CHOICE
    ]
