"""Draws what members see on Slack: `python -m tests.rigs.picture_slack` fills docs/pictures.

It needs `make rigs`, Debian's chromium (`apt-get install chromium`) and, beside the development
requirements, `pip install pillow`. The renderer is a third party's, so the pictures show the
layout and not every detail of Slack.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.ids import Press
from adapters.slack.render import Post, Renderer
from tests.rigs.pictured import every_reply, responder

RIGS = Path(__file__).parent
PICTURES = RIGS.parents[1] / "docs" / "pictures"
PHONE_WIDTH, TALLEST, MARGIN = 430, 3000, 12
COLOURS = 128
KEY = "0123456789ab"
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
RENDERER = Renderer(responder(), feedback=True, new_key=lambda: KEY)
Part = dict[str, Any]


def scenes() -> dict[str, list[Part]]:
    """Return every picture by its name: the messages or the window on it."""
    known = every_reply()
    found = {
        name: said(RENDERER.to_posts(reply, shareable=True)) for name, (_, reply) in known.items()
    }
    answer, topics = known["answer"][1], responder().topics()
    note = responder().message("share.shared_note")
    status = (responder().message("admin.status_connection", state="connected"),)
    doubted = Press("verdict", entry="lithium", verdict="wrong", key=KEY)
    return {
        **found,
        "details": [{"view": RENDERER.details_view(answer)}],
        "shared": said(RENDERER.noted(RENDERER.to_posts(answer), note), hidden=False),
        "topics": said([RENDERER.topics(topics), RENDERER.topics(topics, "contraindications")]),
        "feedback": [{"view": RENDERER.reason_view(doubted, "{}")}],
        "home": [{"view": RENDERER.home(topics, status=status, moderator=True)}],
    }


def said(posts: Sequence[Post], *, hidden: bool = True) -> list[Part]:
    """Return messages, by default such as only the asker sees."""
    return [{"blocks": post.blocks, "hidden": hidden} for post in posts]


def draw(parts: Sequence[Part], picture: Path) -> None:
    """Write what `parts` look like on Slack, one below the other, to the PNG file `picture`."""
    with tempfile.TemporaryDirectory() as folder:
        page = _page(parts, Path(folder))
        size = f"--window-size={PHONE_WIDTH},{TALLEST}"
        shot = [*CHROMIUM, size, f"--screenshot={picture}", page.as_uri()]
        subprocess.run(shot, check=True, capture_output=True)
    trim(picture)


def trim(picture: Path) -> None:
    """Cut the white below the words off, and make the file small."""
    image: Any = importlib.import_module("PIL.Image")
    chops: Any = importlib.import_module("PIL.ImageChops")
    whole = image.open(picture).convert("RGB")
    *_, bottom = chops.invert(whole).getbbox()
    used = whole.crop((0, 0, PHONE_WIDTH, min(TALLEST, bottom + MARGIN)))
    used.quantize(COLOURS).save(picture, optimize=True)


def _page(parts: Sequence[Part], folder: Path) -> Path:
    source, page = folder / "parts.json", folder / "page.html"
    source.write_text(json.dumps(parts), encoding="utf-8")
    subprocess.run(["node", "slack_render.mjs", source, page], cwd=RIGS, check=True)
    return page


def main(names: Sequence[str]) -> None:
    """Draw the scenes of these names, or all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, parts in scenes().items():
        if not names or name in names:
            draw(parts, PICTURES / f"slack-{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
