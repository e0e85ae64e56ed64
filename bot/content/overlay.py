"""Lays a community's own folder over the content that all share.

A folder may add entries, sources and local help lines, and leave shipped entries out. Emergencies
are the same for everyone: nothing in it can add, change or silence an emergency card.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from bot.content.faults import did_you_mean, explain
from bot.content.loader import APART, SHARED, load_additions
from bot.content.rules import check_library, too_long
from bot.content.schema import OverlayFile
from bot.domain import Entry, Level, Library, Problem, Resource
from bot.text.normalise import fold_words
from bot.yamlfile import Document, read_yaml

_RULE = "overlay"
_SETTINGS = "overlay.yaml"
_SOURCES = "sources.yaml"
_HELP_LINES = "resources.yaml"
_READ = frozenset({_SETTINGS, _SOURCES, _HELP_LINES})
_COMMUNITY = re.compile(r"discord-[0-9]+|slack-[A-Z0-9]+")
_URGENT = "urgent"
_EVERYWHERE = frozenset({_URGENT, "policy"})  # groups that no community can do without


def load_overlays(base: Library, folder: Path) -> tuple[dict[str, Library], list[Problem]]:
    """Lay every community's folder in `folder` over `base`. Never raises.

    Returns:
        The Library of each community whose folder has no errors, by the folder's name, and the
        Problems of all.
    """
    try:
        paths = sorted((path, path.is_dir()) for path in folder.iterdir())
    except OSError as error:
        message = f"cannot be read ({error.strerror}); give the folder that holds the communities'"
        return {}, [_problem(folder, message)]
    libraries: dict[str, Library] = {}
    problems: list[Problem] = []
    for path, is_folder in paths:
        if is_folder and _COMMUNITY.fullmatch(path.name):
            library, found = load_overlay(base, path)
            problems += found
            if all(problem.level != "error" for problem in found):
                libraries[path.name] = library
        elif not path.name.startswith(".") and (is_folder or _is_yaml(path)):
            message = "is no community's folder; they are named as in discord-1234 or slack-T0AB1"
            problems.append(_problem(path, message, "warning"))
    return libraries, problems


def load_overlay(base: Library, folder: Path) -> tuple[Library, list[Problem]]:
    """Lay one community's `folder` over `base`. Never raises.

    Args:
        base: The content that all share, without errors.
        folder: What may hold entries, `overlay.yaml`, `sources.yaml` and `resources.yaml`.

    Returns:
        `base` with all that could be read, and every Problem, each of which lies in `folder`.
    """
    if not folder.is_dir():
        return base, [_problem(folder, "is not a folder; give the folder of one community")]
    paths, problems = _entry_paths(base, folder)
    own, faults = load_additions(folder, paths)
    off, refused = _switched_off({**own.entries, **base.entries}, folder)
    merged = _merge(base, own, off)
    problems += [*faults, *refused, *_clashes(base, own), *_broken_rules(own, merged)]
    return merged, sorted(problems, key=lambda p: (str(p.path), p.line, p.message))


def own_entries(base: Library, merged: Library) -> frozenset[str]:
    """Return the ids of the entries that `merged` offers beyond those of `base`."""
    entries = merged.entries
    return frozenset(i for i in entries.keys() - base.entries.keys() if entries[i].enabled)


def own_part(base: Library, merged: Library, folder: Path) -> Library:
    """Return `merged` with no other entries and help lines than those of `folder`."""
    entries = {key: e for key, e in merged.entries.items() if key not in base.entries}
    resources = tuple(r for r in merged.resources if r not in base.resources)
    return replace(merged, root=folder, entries=entries, resources=resources)


def _problem(path: Path, message: str, level: Level = "error") -> Problem:
    return Problem(path, 1, level, message, _RULE)


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in {".yaml", ".yml"}


def _entry_paths(base: Library, folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return the files of entries, and what is wrong with where other files stand."""
    groups = {entry.group for entry in base.entries.values()} - {"", _URGENT}
    paths: list[Path] = []
    problems: list[Problem] = []
    for path in sorted(path for path in folder.rglob("*") if _is_yaml(path) and path.is_file()):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or "/".join(inside) in _READ:
            continue
        problems += _misplaced(path, inside, groups)
        if _URGENT not in inside and not _is_apart(path, inside):
            paths.append(path)
            problems += _signs(path)
    return paths, problems


def _is_apart(path: Path, inside: Sequence[str]) -> bool:
    """Tell whether a file is none that a community's folder can hold."""
    return path.suffix != ".yaml" or inside[0] in APART or "/".join(inside) in SHARED


def _misplaced(path: Path, inside: Sequence[str], groups: set[str]) -> Iterator[Problem]:
    """Say what is wrong with where a file stands."""
    if _URGENT in inside:
        message = "emergencies are the same for everyone; give it another folder, or remove it"
        yield _problem(path, message)
    elif _is_apart(path, inside):
        message = f"is not read; beside entries, only {', '.join(sorted(_READ))} are"
        renamed = f"is not read; rename it to {path.stem}.yaml"
        yield _problem(path, message if path.suffix == ".yaml" else renamed, "warning")
    elif groups and len(inside) > 1 and path.parent.name not in groups:
        hint = did_you_mean(path.parent.name, groups, f"they are {', '.join(sorted(groups))}")
        yield _problem(path, f"there is no group `{path.parent.name}`; {hint}", "warning")


def _signs(path: Path) -> Iterator[Problem]:
    document = read_yaml(path)
    if "signs" in document.mapping:
        message = "only emergency cards have `signs`, and those are the same for everyone; remove"
        yield document.problem(("signs",), f"{message} them", _RULE)


def _switched_off(entries: Mapping[str, Entry], folder: Path) -> tuple[set[str], list[Problem]]:
    """Return the ids that `overlay.yaml` switches off, and every Problem of that file."""
    path = folder / _SETTINGS
    if not path.exists():
        return set(), []
    document = read_yaml(path)
    try:
        listed = OverlayFile.model_validate({} if document.data is None else document.data).disabled
    except ValidationError as error:
        return set(), [*document.problems, *explain(document, error, OverlayFile)]
    off: set[str] = set()
    problems = document.problems
    for i, name in enumerate(listed):
        # An entry may have gone from the shipped content; that must not cost the rest.
        level: Level = "error" if name in entries else "warning"
        if name not in entries:
            hint = did_you_mean(name, entries, "correct the id or remove it")
            fault = f"there is no entry `{name}`; {hint}"
        elif entries[name].group in _EVERYWHERE:
            fault = f"`{name}` is an emergency card or a refusal, which stay on; remove it here"
        else:
            off.add(name)
            continue
        problems.append(document.problem(("disabled", i), fault, _RULE, level))
    return off, problems


def _merge(base: Library, own: Library, off: set[str]) -> Library:
    added = {key: entry for key, entry in own.entries.items() if key not in base.entries}
    entries = {
        key: replace(entry, enabled=False) if key in off else entry
        for key, entry in {**base.entries, **added}.items()
    }
    # What means nothing elsewhere may be a question here.
    asked = {fold_words(ask) for entry in added.values() for ask in entry.ask}
    state = f"{base.version} {own.version} {sorted(off)}"
    return replace(
        base,
        entries=entries,
        sources={**own.sources, **base.sources},
        resources=_local_first(base, own),
        strays=tuple(s for s in base.strays if fold_words(s) not in asked)
        if asked
        else base.strays,
        pinned=tuple(i for i in base.pinned if entries[i].enabled),
        version=hashlib.sha256(state.encode()).hexdigest()[:12],
    )


def _local_first(base: Library, own: Library) -> tuple[Resource, ...]:
    """Return all help lines, a community's own before others of the same country and kind.

    Only the emergency number stays the first of its kind, so that nothing pushes it out.
    """
    taken = {line.id for line in base.resources}
    added = [line for line in own.resources if line.id not in taken]
    lines = list(base.resources)
    for line in reversed([line for line in added if line.kind != "emergency"]):
        places = [(other.country, other.kind) for other in lines]
        place = (line.country, line.kind)
        lines.insert(places.index(place) if place in places else len(lines), line)
    return (*lines, *(line for line in added if line.kind == "emergency"))


def _clashes(base: Library, own: Library) -> Iterator[Problem]:
    """Say which names are taken: two things of one name would be mixed up sooner or later."""
    for entry in own.entries.values():
        if entry.id in base.entries:
            message = (
                f"the name {entry.id} is taken by a shipped entry; give yours another name, and "
                f"switch the shipped one off with `disabled` in {_SETTINGS} if you like"
            )
            yield _problem(entry.path, message)
    for key, source in own.sources.items():
        if base.sources.get(key, source) != source:
            message = f"the key {key} is taken by another source; give yours another key"
            yield read_yaml(own.root / _SOURCES).problem((key,), message, _RULE)
    taken = {line.id for line in base.resources} & {line.id for line in own.resources}
    document = read_yaml(own.root / _HELP_LINES) if taken else Document(own.root)
    for i, item in enumerate(document.data if isinstance(document.data, list) else ()):
        if isinstance(item, dict) and item.get("id") in taken:
            message = f"the id {item['id']} is taken by a shipped help line; give yours another id"
            yield document.problem((i, "id"), message, _RULE)


def _broken_rules(own: Library, merged: Library) -> Iterator[Problem]:
    """Check the merged content, and say what the folder has broken in it."""
    if own.entries:
        yield from check_library(merged, examples=False, inside=own.root)
    if own.resources:
        broken = [p.path for p in too_long(merged) if not p.path.is_relative_to(own.root)]
        if broken:
            message = (
                f"with these help lines, {len(broken)} shipped entries are too long to be sent "
                f"(such as {broken[0].stem}); shorten the help lines"
            )
            yield _problem(own.root / _HELP_LINES, message)
