"""Stands in for Discord and Slack and takes no token; for the image, inside its own network.

Usage: refuse.py FOLDER. Listens on 127.0.0.1:443 under the platforms' real names with a
certificate of its own, whose authority it leaves in FOLDER/ca.pem once it listens.
"""

import asyncio
import ssl
import sys
from pathlib import Path

import trustme
from aiohttp import web

HOSTS = ("discord.com", "slack.com")


async def refuse(request: web.Request) -> web.Response:
    """Answer as the platform answers a token that it does not know."""
    if request.host == "slack.com":
        return web.json_response({"ok": False, "error": "invalid_auth"})
    # discord.py wants the bare content type.
    body = b'{"message": "401: Unauthorized", "code": 0}'
    headers = {"Content-Type": "application/json", "Via": "1.1 rig"}
    return web.Response(status=401, body=body, headers=headers)


async def serve(folder: Path) -> None:
    """Serve until the process is ended."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS).configure_cert(context)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 443, ssl_context=context).start()
    await asyncio.to_thread(authority.cert_pem.write_to_path, str(folder / "ca.pem"))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
