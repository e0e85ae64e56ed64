"""Installing the one app in another workspace: the pages, the way to Slack and back."""

import asyncio
import time
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from adapters.slack.oauth import BACK, INSTALL
from adapters.slack.states import LIFE_S, States
from tests.adapters.slack.conftest import one_answer, site_of
from tests.adapters.slack.shop import OLD_SIGN_IN, Open, Shop
from tests.bot.store.files import on_disk, raw
from tests.rigs.slack_front import TEAM
from tests.rigs.slack_oauth import CLIENT_ID, OUTSIDE, Browser, SharedFront

pytestmark = [pytest.mark.wire, OLD_SIGN_IN]


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    """Whatever holds here, holds in both modes."""
    return str(request.param)


@pytest.fixture
def front(shared: SharedFront) -> SharedFront:
    """Slack, with two workspaces."""
    return shared


async def test_installs_with_a_few_clicks(front: SharedFront, shop: Shop, file: Path) -> None:
    """The page, Slack's consent, and back; then the workspace is answered."""
    first = await shop.browser.open(INSTALL)
    assert first.status == 200
    assert {"Secure", "HttpOnly"} <= set(first.headers["Set-Cookie"].split("; "))
    consent = urllib.parse.urlsplit(first.link)
    asked = dict(urllib.parse.parse_qsl(consent.query))
    assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, f"{OUTSIDE}{BACK}")
    assert "commands" in asked["scope"].split(",")
    last = await shop.browser.open(await shop.browser.agree(first.link))
    assert last.status == 200
    assert "I am in Rig now" in last.text
    (token,) = front.tokens_of(TEAM)
    assert token.encode() not in on_disk(file)
    _, answers = await front.command("answer")
    assert "Please avoid this mix" in (await one_answer(front, answers))["text"]


async def test_asks_for_the_scopes_that_the_operator_adds(open_shop: Open) -> None:
    """Answers in help channels need one more."""
    async with open_shop(more_scopes=["channels:history"]) as shop:
        page = await shop.browser.open(INSTALL)
    assert ",channels:history&" in page.link


async def test_pages_take_nothing_from_the_address_and_run_nothing(shop: Shop) -> None:
    """What somebody writes into a link for somebody else is not shown, nor sent on."""
    evil = '"><script>x</script>'
    query = urllib.parse.urlencode({"team": f"T1&scope=admin{evil}", "error": evil, "code": evil})
    for path in (INSTALL, BACK):
        page = await shop.browser.open(f"{path}?{query}")
        assert "script" not in page.text
        assert "admin" not in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_a_workspaces_name_is_shown_as_it_is(
    front: SharedFront, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a workspace writes no page of ours."""
    as_of = front._as_of

    def renamed(team: str, method: str, answer: dict[str, Any]) -> dict[str, Any]:
        answer = as_of(team, method, answer)
        named = {"team": {"id": team, "name": "<b>{evil}</b>"}}
        return {**answer, **named} if method == "oauth.v2.access" else answer

    monkeypatch.setattr(front, "_as_of", renamed)
    page = await shop.browser.install()
    assert "&lt;b&gt;{evil}&lt;/b&gt;" in page.text


async def test_whoever_says_no_is_told_that_nothing_happened(
    front: SharedFront, shop: Shop
) -> None:
    """With the way back to the first page."""
    page = await shop.browser.open(f"{BACK}?error=access_denied&state=x")
    assert page.status == 200
    assert "I was not added" in page.text
    assert page.link == INSTALL
    assert not front.tokens


async def test_nobody_is_made_to_install_what_another_began(
    front: SharedFront, shop: Shop, emulator: str
) -> None:
    """The way back counts in the browser that began, once, and not when it was made up."""
    back = await shop.browser.agree((await shop.browser.open(INSTALL)).link)
    async with ClientSession() as http:
        other = Browser(http, site_of(shop.adapter), emulator)
        await other.open(INSTALL)
        assert (await other.open(back)).status == 400
    cookies = dict(shop.browser.cookies)
    for state in ("made-up", "1-x-" + "0" * 64, "", "é"):
        shop.browser.cookies = {"slack-app-oauth-state": state}
        page = await shop.browser.open(f"{BACK}?code=1&state={urllib.parse.quote(state)}")
        assert page.status in {400, 401}
    assert not front.tokens
    shop.browser.cookies = dict(cookies)
    assert (await shop.browser.open(back)).status == 200
    shop.browser.cookies = dict(cookies)
    assert (await shop.browser.open(back)).status == 401


@pytest.mark.parametrize("fault", ["invalid_code", "bad_client_secret", "internal_error"])
async def test_slacks_refusal_ends_on_a_page_and_in_the_log(
    front: SharedFront, shop: Shop, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever installs is told to try again, whoever runs it is told why."""
    front.fault("oauth.v2.access", fault, times=3)
    page = await shop.browser.install()
    assert (page.status, page.link) == (401, INSTALL)
    told = "".join(capfd.readouterr())
    assert "slack installation failed" in told
    assert fault not in page.text


async def test_an_app_without_a_bot_is_not_kept(
    front: SharedFront, shop: Shop, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The operator has forgotten the bot's scopes: said, instead of kept without a token."""
    found = {"ok": True, "app_id": "A1", "team": {"id": TEAM}, "authed_user": {"id": "U1"}}
    front.fault("oauth.v2.access", "replaced")
    front.faults[-1].answer.clear()  # type: ignore[union-attr]
    front.faults[-1].answer.update(found)  # type: ignore[union-attr]
    page = await shop.browser.install()
    assert page.status == 401
    assert "no bot token" in "".join(capfd.readouterr())
    assert raw(file, "SELECT * FROM installations") == []


async def test_a_store_that_cannot_be_written_ends_on_a_page(shop: Shop, file: Path) -> None:
    """Nothing is half installed, and nothing of the fault is shown."""
    raw(file, "DROP TABLE installations")
    page = await shop.browser.install()
    assert (page.status, page.link) == (500, INSTALL)
    assert "installations" not in page.text


# The word that goes to Slack and back -------------------------------------------------------


async def test_a_state_is_good_once_for_ten_minutes_and_for_nobody_else() -> None:
    """It is signed, so a stranger cannot make one and fills no table by asking for many."""
    now = 1_800_000_000.0
    states = States(SecretStr("secret"), now=lambda: now)
    first, second = await states.async_issue(), await states.async_issue()
    assert first != second
    assert not await States(SecretStr("other"), now=lambda: now).async_consume(first)
    assert not await states.async_consume(first[:-1] + ("0" if first[-1] != "0" else "1"))
    assert await states.async_consume(first)
    assert not await states.async_consume(first)
    now += LIFE_S + 1
    assert not await states.async_consume(second)


@pytest.mark.parametrize("junk", ["", "-", "--", "x", "1-2-3", "é-é-é", "9" * 10_000, "\ud800"])
async def test_what_is_no_state_is_refused_quietly(junk: str) -> None:
    """Whatever stands in the address."""
    assert not await States(SecretStr("secret")).async_consume(junk)


async def test_stops_within_two_seconds(open_shop: Open) -> None:
    """With the web server and the socket both open."""
    async with open_shop() as shop:
        async with asyncio.timeout(5):
            await shop.browser.open(INSTALL)
        began = time.monotonic()
    assert time.monotonic() - began < 2.0
