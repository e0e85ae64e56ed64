"""Runs Handrail's command with discord.py led to the fake Discord: the rest is as it is shipped.

For tests without the rights to bind Discord's own names; the addresses stand in RIG_REST and
RIG_GATEWAY.
"""

import os

from bot.cli import main
from tests.rigs.discord_gateway import redirect

if __name__ == "__main__":
    redirect(os.environ["RIG_REST"], os.environ["RIG_GATEWAY"])
    main()
