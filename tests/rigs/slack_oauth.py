"""Somebody with a browser who installs the app, and a Slack that says whose token came in."""

import html
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.rigs.slack_front import SlackFront
from tests.rigs.slack_payloads import MEMBER

CLIENT_ID, CLIENT_SECRET = "1.2", "not-a-secret"
OUTSIDE = "https://handrail.example"
_LINK = re.compile(r'<a href="([^"]+)"')


class SharedFront(SlackFront):
    """A Slack with several workspaces.

    Attributes:
        used: The method and the token of every call.
    """

    def __init__(self, emulator: str, **more: Any) -> None:
        super().__init__(emulator, **more)
        self.used: list[tuple[str, str]] = []

    def tokens_of(self, team: str) -> set[str]:
        """Return the good tokens of a workspace."""
        return {token for token, where in self.tokens.items() if where == team}

    def writers(self) -> list[str]:
        """Return the workspace of each message's token, in order; of a revoked one, `revoked`."""
        posted = [token for method, token in self.used if method == "chat.postMessage"]
        return [self.tokens.get(token, "revoked") for token in posted]

    def _admit(self, method: str, token: str) -> str:
        self.used.append((method, token))
        return super()._admit(method, token)


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def link(self) -> str:
        """Where its one button leads."""
        found = _LINK.search(self.text)
        assert found, "the page has no button"
        return html.unescape(found[1])


class Browser:
    """Follows the links by which an app is installed, and keeps the cookies it is given.

    Args:
        http: What it calls with.
        site: The app's own web server, which the world knows as OUTSIDE.
        slack: Where Slack asks for consent: the third party's emulator.
    """

    def __init__(self, http: ClientSession, site: str, slack: str) -> None:
        self._http, self._site, self._slack = http, site, slack
        self.cookies: dict[str, str] = {}

    async def open(self, path: str) -> Page:
        """Open a page of the app's own."""
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        url = f"{self._site}{path}"
        async with self._http.get(url, headers=told, allow_redirects=False) as answer:
            for name, cookie in answer.cookies.items():
                self.cookies[name] = cookie.value
            return Page(answer.status, await answer.text(), answer.headers)

    async def agree(self, consent: str) -> str:
        """Agree to what Slack asks at `consent`; return the path that it sends the browser to.

        Raises:
            AssertionError: Slack shows an error, or sends the browser elsewhere.
        """
        parts = urllib.parse.urlsplit(consent)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        assert parts.path == "/oauth/v2/authorize"
        async with self._http.get(f"{self._slack}{parts.path}?{parts.query}") as shown:
            assert shown.status == 200, await shown.text()
        form = {"user_id": MEMBER, **asked}
        callback = f"{self._slack}{parts.path}/callback"
        async with self._http.post(callback, data=form, allow_redirects=False) as sent:
            back = sent.headers["Location"]
        assert back.startswith(OUTSIDE)
        return back.removeprefix(OUTSIDE)

    async def install(self) -> Page:
        """Do all that it takes, and return the last page."""
        return await self.open(await self.agree((await self.open("/slack/install")).link))
