"""The chat platforms, one room each; they know the engine only by its front door."""
