"""Puts into words, for the moderators of one community, how things stand there.

All is neutral Markdown in the words of `messages.yaml`. What members typed comes out with every
sign made harmless that a chat platform could give a meaning.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.domain import Problem, Tally, Unanswered
from bot.service import Reloaded, Service

_MOST_LISTED = 5
_MOST_NAMED = 15
_MOST_QUESTIONS = 20
_MOST_TALLIES = 15
_MOST_REASONS = 3
_FOLDERS = re.compile(r"(?<![\w:/.])(?:/[^\s/:]+)+/(?=[^\s/])")  # of a whole path, not an address
# Signs drawn alike that format nothing and call nobody.
_HARMLESS = str.maketrans("*_`~|<>[]\\@", "∗＿ˋ∼¦‹›()∖＠")
Write = Callable[[str], str]


class Reports:
    """Words about one Service.

    Args:
        service: What answers, and keeps what is decided.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def message(self, key: str, **values: str) -> str:
        """Return one sentence of `messages.yaml` with its {braces} filled in."""
        return self._service.responder().message(key, **values)

    def title(self, community: str, entry: str) -> str:
        """Return the title of an Entry, or its id when it is gone."""
        found = self._service.library(community).entries.get(entry)
        return found.title if found else entry

    def status(self, community: str, write: Write, more: Sequence[str] = ()) -> str:
        """Return what is answered from, what is wrong with it, and the settings."""
        found = self._service.status(community)
        off = len(found.disabled)
        lines = [
            self._heading("admin.status_title"),
            self.message(
                "admin.status_content",
                version=found.version,
                entries=str(found.entries + off),
                disabled=str(off),
            ),
            self.message("admin.status_engine", engine=found.engine),
            *more,
            self.message("admin.status_overlay" if found.overlay else "admin.status_no_overlay"),
            *self._problems(community, found.problems),
        ]
        if found.overdue:
            lines.append(self.message("admin.status_overdue", count=str(len(found.overdue))))
            lines += self._listed([self.title(community, entry) for entry in found.overdue])
        return "\n".join([*lines, "", self.settings(community, write)])

    def settings(self, community: str, write: Write) -> str:
        """Return what the moderators of `community` have chosen."""
        chosen, none = self._service.settings(community), self.message("admin.status_none")
        region = self._service.region(community)
        countries = {c.code: c.name for c in self._service.responder(community).countries()}
        off = sorted(self.title(community, entry) for entry in chosen.disabled)
        said = self.message(
            "admin.status_settings",
            region=countries.get(region or "", region or none),
            help_channels=", ".join(map(write, sorted(chosen.help_channels))) or none,
            alerts=write(chosen.alerts_channel) if chosen.alerts_channel else none,
            disabled=", ".join(self._first(off, _MOST_NAMED)) or none,
        )
        return f"{self._heading('admin.settings_title')}\n{said}"

    def reloaded(self, community: str, done: Reloaded) -> str:
        """Return how reading the content anew went."""
        if done.faults:
            root = self._service.library().root
            said = self.message("admin.reload_failed", count=str(len(done.faults)))
            return "\n".join([said, *self._listed([_inside(f, root) for f in done.faults])])
        key = "admin.reloaded" if done.changed else "admin.reloaded_same"
        said = self.message(key, version=self._service.status(community).version)
        own = [problem for problem in done.problems if community in problem.path.parts]
        return "\n".join([said, *self._problems(community, own)])

    def unanswered(self, community: str, kept: Sequence[Unanswered]) -> str:
        """Return the last questions that nothing answered, by what came nearest, newest last."""
        if not kept:
            return self.message("admin.unanswered_none")
        shown = kept[-_MOST_QUESTIONS:]
        lines = [self._heading("admin.unanswered_title")]
        if len(shown) < len(kept):
            counts = {"shown": str(len(shown)), "count": str(len(kept))}
            lines.append(self.message("admin.unanswered_more", **counts))
        groups: dict[str | None, list[Unanswered]] = {}
        for question in shown:
            group = groups.pop(question.nearest, [])
            groups[question.nearest] = [*group, question]
        for nearest, questions in groups.items():
            lines += ["", self._nearest(community, nearest), *map(self._question, questions)]
        return "\n".join(lines)

    def feedback(self, community: str, tallies: Sequence[Tally]) -> str:
        """Return how often each Entry was marked, in the order given, with the last reasons."""
        if not tallies:
            return self.message("admin.feedback_none")
        lines = [self._heading("admin.feedback_title")]
        for tally in tallies[:_MOST_TALLIES]:
            lines += self._tally(community, tally)
        if len(tallies) > _MOST_TALLIES:
            lines.append(f"- {self._more(len(tallies) - _MOST_TALLIES)}")
        return "\n".join(lines)

    def _heading(self, key: str) -> str:
        return f"**{self.message(key)}**"

    def _more(self, count: int) -> str:
        return self.message("admin.more", count=str(count))

    def _first(self, items: Sequence[str], most: int) -> list[str]:
        """Return the first `most` items, and how many more there are."""
        rest = len(items) - most
        return [*items[:most], self._more(rest)] if rest > 0 else list(items)

    def _listed(self, items: Sequence[str]) -> list[str]:
        return [f"- {item}" for item in self._first(items, _MOST_LISTED)]

    def _problems(self, community: str, problems: Sequence[Problem]) -> Iterable[str]:
        if not problems:
            return []
        lines = [_inside(str(p), _above(p.path, community)) for p in problems]
        count = self.message("admin.status_problems", count=str(len(lines)))
        return [count, *self._listed(lines)]

    def _nearest(self, community: str, entry: str | None) -> str:
        if entry is None:
            return self.message("admin.unanswered_far")
        return self.message("admin.unanswered_nearest", title=self.title(community, entry))

    def _question(self, kept: Unanswered) -> str:
        asked, text = kept.asked.isoformat(), harmless(kept.text)
        return self.message("admin.unanswered_line", asked=asked, text=text)

    def _tally(self, community: str, tally: Tally) -> list[str]:
        line = self.message(
            "admin.feedback_line",
            title=self.title(community, tally.entry),
            helpful=str(tally.helpful),
            wrong=str(tally.wrong),
            outdated=str(tally.outdated),
        )
        reasons = map(harmless, tally.reasons[-_MOST_REASONS:])
        return [line, *(f"  {self.message('admin.feedback_reason', reason=r)}" for r in reasons)]


def harmless(text: str) -> str:
    """Return what somebody typed as one line that formats nothing, links nowhere, calls nobody."""
    shown = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join(shown.split()).translate(_HARMLESS)


def _inside(fault: str, root: Path) -> str:
    """Return `path:line: what` with the path as it is inside `root`, never with the folders above.

    Where the content lies on the machine is the operator's business alone.
    """
    for folder in (f"{root}/", f"{root.resolve()}/"):
        fault = fault.removeprefix(folder)
    return _FOLDERS.sub("", fault)


def _above(path: Path, community: str) -> Path:
    """Return the folder in which the community's folder lies."""
    return Path(*path.parts[: path.parts.index(community)])
