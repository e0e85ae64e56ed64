"""Handrail's engine and application; knows no chat platform."""
