"""Side-by-side figures, and the scripts that fit what ships."""
