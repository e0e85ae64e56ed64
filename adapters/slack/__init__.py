"""Handrail's room for Slack: receives through Socket Mode, answers with Block Kit."""
