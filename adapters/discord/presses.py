"""What Handrail does when a member uses a button, a select or a form of an earlier reply."""

from typing import cast

import discord

from adapters.discord.convert import to_community, to_press, to_typed
from adapters.discord.delivery import Delivery
from adapters.discord.places import edit, in_answer, in_person, is_private, may_share, noted
from adapters.discord.render import Post, Renderer
from adapters.ids import Press, read_press
from adapters.parts import can_be_shared, danger_in
from adapters.pauses import SHARE_S, Pauses
from bot.domain import Feedback, Question, Reply, Verdict
from bot.responder import Responder

_DOUBTS = frozenset({"wrong", "outdated"})


class Presses:
    """Every control says in its id all there is to know, so nothing is remembered between uses.

    Args:
        delivery: Gets replies to members.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._service = delivery.service
        self._shared = Pauses(SHARE_S)

    async def on_press(self, interaction: discord.Interaction) -> None:
        """Do what a control of ours is for; pass over everything else."""
        press = to_press(interaction)
        if press is None:
            return
        where = (to_community(interaction), self._delivery.region(interaction))
        send = in_answer(interaction)
        await self._delivery.guarded(
            press.action, where, send, lambda: self._use(interaction, press)
        )

    async def _use(self, interaction: discord.Interaction, press: Press) -> None:
        uses = {
            "show": self._show,
            "decline": self._decline,
            "details": self._details,
            "share": self._share,
            "verdict": self._judge,
            "reason": self._take_reason,
            "country": self._change_country,
            "topic": self._open_topic,
        }
        await uses[press.action](interaction, press)

    async def _show(self, interaction: discord.Interaction, press: Press) -> None:
        responder, region = self._at(interaction)
        reply = responder.show(press.entry, region)
        await self._answer(interaction, reply, shareable=True)

    async def _decline(self, interaction: discord.Interaction, press: Press) -> None:
        del press
        responder, region = self._at(interaction)
        await self._answer(interaction, responder.decline(region))

    async def _details(self, interaction: discord.Interaction, press: Press) -> None:
        responder, region = self._at(interaction)
        send = in_answer(interaction)
        for post in self._renderer(interaction).details(responder.show(press.entry, region)):
            await send(post)

    async def _share(self, interaction: discord.Interaction, press: Press) -> None:
        """Post the answer for everyone; the button goes first, so that it happens once."""
        responder, region = self._at(interaction)
        reply = responder.help_again(press.card, press.kinds, press.region or region)
        if not can_be_shared(reply):  # gone, switched off since, or never offered
            await self._answer(interaction, reply)
            return
        channel = interaction.channel
        if not may_share(interaction) or not isinstance(channel, discord.abc.Messageable):
            await self._say(interaction, "share.refused")
            return
        # It names nobody, so nobody could be asked to stop.
        if not self._shared.over(interaction.channel_id):
            await self._say(interaction, "share.wait")
            return
        await self._without(interaction, "share")
        send = in_person(channel)
        try:
            posts = self._renderer(interaction).to_posts(reply)
            for post in noted(posts, self._delivery.message("share.shared_note")):
                await send(post)
        except discord.Forbidden:
            await self._say(interaction, "share.refused")
        else:
            await self._say(interaction, "share.done")

    async def _say(self, interaction: discord.Interaction, key: str) -> None:
        await self._delivery.tell(interaction, self._delivery.message(key))

    async def _judge(self, interaction: discord.Interaction, press: Press) -> None:
        doubted = press.verdict in _DOUBTS
        if doubted and self._service.keeps.reasons:
            # Kept before it is asked why: many close the form.
            modal = self._renderer(interaction).reason_modal(press)
            await interaction.response.send_modal(modal)
            await self._service.give_feedback(_feedback(interaction, press))
            return
        await self._thank(interaction, doubted=doubted)
        await self._service.give_feedback(_feedback(interaction, press))

    async def _take_reason(self, interaction: discord.Interaction, press: Press) -> None:
        typed = to_typed(interaction)
        await self._thank(interaction, doubted=True)
        responder, region = self._at(interaction)
        # A form is the last place where somebody may write that they are in danger.
        if card := danger_in(responder.respond(Question(typed, region))):
            await self._answer(interaction, card)
        await self._service.give_feedback(_feedback(interaction, press, typed))

    async def _thank(self, interaction: discord.Interaction, *, doubted: bool) -> None:
        """Say thanks; where only one person reads the reply, its verdict buttons go."""
        key = "feedback.thanks_wrong" if doubted else "feedback.thanks"
        if is_private(interaction):
            await self._without(interaction, "verdict")
        await self._delivery.tell(interaction, self._delivery.message(key))

    async def _change_country(self, interaction: discord.Interaction, press: Press) -> None:
        responder, region = self._at(interaction)
        renderer = self._renderer(interaction)
        region = press.country or press.region or region
        reply = responder.help_again(press.card, press.kinds, region)
        page = 0 if press.country else press.page
        shareable = may_share(interaction)
        post = renderer.country_page(reply, page, shareable=shareable)
        await self._replace(interaction, post)

    async def _open_topic(self, interaction: discord.Interaction, press: Press) -> None:
        responder = self._delivery.responder(interaction)
        chosen = press.values[0] if press.values else None
        await self._replace(
            interaction, self._renderer(interaction).topics(responder.topics(), chosen)
        )

    async def _replace(self, interaction: discord.Interaction, post: Post) -> None:
        """Put `post` in place of the message that was used, unless others read that."""
        if is_private(interaction):
            await edit(interaction, post)
        else:
            await in_answer(interaction)(post)

    async def _answer(
        self, interaction: discord.Interaction, reply: Reply, *, shareable: bool = False
    ) -> None:
        community = to_community(interaction)
        shareable = shareable and may_share(interaction)
        await self._delivery.send(reply, in_answer(interaction), community, shareable=shareable)

    async def _without(self, interaction: discord.Interaction, action: str) -> None:
        """Take the controls for `action` off the message whose control was used."""
        if interaction.message is not None:
            view = discord.ui.View.from_message(interaction.message, timeout=None)
            for control in view.children:
                press = read_press(getattr(control, "custom_id", None) or "", ("-",))
                if press is not None and press.action == action:
                    view.remove_item(control)
            view.stop()
            await interaction.response.edit_message(view=view)

    def _at(self, interaction: discord.Interaction) -> tuple[Responder, str | None]:
        """Return what answers where a control was used, and the country of who used it."""
        return self._delivery.responder(interaction), self._delivery.region(interaction)

    def _renderer(self, interaction: discord.Interaction) -> Renderer:
        return self._delivery.renderer(to_community(interaction))


def _feedback(interaction: discord.Interaction, press: Press, reason: str = "") -> Feedback:
    verdict = cast("Verdict", press.verdict)
    return Feedback(press.key, press.entry, verdict, reason, to_community(interaction))
