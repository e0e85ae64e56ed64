"""Turns what somebody typed into plain words; read by triage, named things and matching alike."""
