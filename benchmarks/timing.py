"""What the benchmarks of time and memory share: quantiles, and the engine over any FAQ."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.question_sets import QuestionSet, SetMatcher
from bot.bootstrap import ENCODER
from bot.domain import Library
from bot.matching.encoder import WIDTH, Encoder, EncoderAbsent, open_encoder
from bot.matching.kept import Floats
from bot.matching.model import load_model
from bot.matching.signals import LEXICAL, SEMANTIC


class DrawnEncoder(Encoder):
    """The built encoder, but vectors are drawn by lot until `ready` is set.

    Encoding 50,000 generated phrasings takes minutes; for time and memory of a question any
    vectors of the same size will do.
    """

    def __init__(self, built: Encoder) -> None:
        super().__init__(built.session, built.pieces, built.version)
        self.ready = False
        self._lot = np.random.default_rng(0)

    def encode(self, words: Sequence[str]) -> Floats:
        """Return the vector of `words`, or any vector of length 1."""
        if self.ready:
            return super().encode(words)
        vector = self._lot.standard_normal(WIDTH)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def find_encoder(*, semantic: bool) -> Encoder | None:
    """Return the encoder if it is asked for.

    Raises:
        SystemExit: It is asked for, and there is none.
    """
    try:
        return open_encoder(ENCODER) if semantic else None
    except EncoderAbsent as absent:
        raise SystemExit(f"--semantic: {absent}") from None


def build_matcher(
    library: Library, phrasings: Mapping[str, Sequence[str]], encoder: Encoder | None
) -> SetMatcher:
    """Return the shipped matcher over generated phrasings."""
    drawn = DrawnEncoder(encoder) if encoder else None
    model = load_model(SEMANTIC if encoder else LEXICAL)
    questions = QuestionSet("generated", phrasings, [], [])
    matcher = SetMatcher(questions, model, library, drawn)
    if drawn:
        drawn.ready = True
    return matcher


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
