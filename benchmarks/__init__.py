"""Side-by-side figures, and the scripts that fit what ships."""

MISSING = (
    "this benchmark needs packages that neither running nor testing needs; install them with\n"
    "  .venv/bin/pip install rank-bm25 scikit-learn matplotlib\n"
    "(the dependency group `benchmarks` of pyproject.toml)"
)
