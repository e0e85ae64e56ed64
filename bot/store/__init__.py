"""Keeps the questions that nothing answered, if the operator wants them kept, and nothing else."""
