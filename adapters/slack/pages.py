"""The few pages that somebody sees who installs the app in a workspace."""

import html
import re

from slack_sdk.oauth.installation_store import Installation

from bot.responder import Responder

_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem;"
    "color:#1d1c1d;background:#fff}a{display:inline-block;margin-top:.6rem;padding:.6rem 1.1rem;"
    "border-radius:.4rem;color:#fff;background:#1f4e4a;text-decoration:none}"
    "a:focus-visible{outline:3px solid #e8a33d}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1d21}a{background:#2f7d76}}"
)
_ID = re.compile(r"[A-Z0-9]+")


class Pages:
    """Words the pages; what comes from outside is escaped.

    Args:
        responder: Has the sentences.
        slack: Slack's own address, such as https://slack.com.
        install: The path of the first page.
    """

    def __init__(self, responder: Responder, slack: str, install: str) -> None:
        self._message = responder.message
        self._slack = slack
        self._install = install

    def invite(self, address: str) -> str:
        """Return the page to install from; `address` is where Slack asks for consent."""
        return self._page("slack.install", "slack.install_button", address)

    def thank(self, installation: Installation) -> str:
        """Return the page that says it worked."""
        app, team = installation.app_id or "", installation.team_id or ""
        address = self._slack
        if _ID.fullmatch(app) and _ID.fullmatch(team):
            address = f"{self._slack}/app_redirect?app={app}&team={team}"
        name = installation.team_name or installation.enterprise_name or "Slack"
        return self._page("slack.installed", "slack.installed_button", address, workspace=name)

    def regret(self) -> str:
        """Return the page that says it did not work."""
        return self._page("slack.install_failed", "slack.install_again", self._install)

    def _page(self, words: str, button: str, address: str, **values: str) -> str:
        said = html.escape(self._message(words, **values))
        link = f'<a href="{html.escape(address)}">{html.escape(self._message(button))}</a>'
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Handrail</title>'
            f"<style>{_STYLE}</style><main><h1>Handrail</h1><p>{said}</p><p>{link}</p></main></html>"
        )
