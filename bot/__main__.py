"""Lets `python -m bot` stand for the `handrail` command."""

from bot.cli import main

main()
