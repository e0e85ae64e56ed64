"""Handrail's room for Discord: receives through the gateway, answers with embeds and buttons."""
