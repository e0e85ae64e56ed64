"""Draws what members see on Slack: `python -m tests.rigs.picture_slack` fills docs/pictures.

It needs `make rigs` and Debian's chromium. The renderer is a third party's, so the pictures show
the layout and not every detail of Slack.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from adapters.slack.render import Labels, Post, to_posts
from bot.domain import Reply
from tests.adapters.scripted import ScriptedResponder
from tests.rigs.pictured import replies

RIGS = Path(__file__).parent
PICTURES = RIGS.parents[1] / "docs" / "pictures"
WIDTH, TALLEST = 700, 2400
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


def draw(reply: Reply, picture: Path) -> None:
    """Write what `reply` looks like on Slack to the PNG file `picture`."""
    words = ScriptedResponder().message
    labels = Labels(show=words("slack.show"), none_of_these=words("reply.none_of_these"))
    post = to_posts(reply, labels)[0]
    with tempfile.TemporaryDirectory() as folder:
        page = _page(post, Path(folder))
        height = _height(page)
        size = f"--window-size={WIDTH},{height}"
        shot = [*CHROMIUM, size, f"--screenshot={picture}", page.as_uri()]
        subprocess.run(shot, check=True, capture_output=True)


def _page(post: Post, folder: Path) -> Path:
    blocks, page = folder / "blocks.json", folder / "page.html"
    blocks.write_text(json.dumps(post.blocks), encoding="utf-8")
    subprocess.run(["node", "slack_render.mjs", blocks, page], cwd=RIGS, check=True)
    measure = "<script>document.title = document.body.scrollHeight + 32</script>"
    page.write_text(page.read_text(encoding="utf-8") + measure, encoding="utf-8")
    return page


def _height(page: Path) -> int:
    look = [*CHROMIUM, f"--window-size={WIDTH},100", "--dump-dom", page.as_uri()]
    shown = subprocess.run(look, check=True, capture_output=True, text=True).stdout
    return min(TALLEST, int(shown.split("<title>")[1].split("</title>")[0]))


def main() -> None:
    """Draw one answer, one emergency card and one choice."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (_, reply) in replies().items():
        draw(reply, PICTURES / f"slack-{name}.png")


if __name__ == "__main__":
    main()
