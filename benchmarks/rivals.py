"""Other ways to rank: each gives every phrasing a similarity to a text, its best one an entry.

They are what a bot is commonly built with. Each sees lower-case words without punctuation, and
none of what belongs to this engine: no repair, synonyms, named things or strays.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from benchmarks import MISSING
from benchmarks.trying import Rival
from bot.matching.encoder import Encoder

try:
    from rank_bm25 import BM25Okapi
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
except ImportError as error:
    raise SystemExit(f"{error}: {MISSING}") from None

Array = NDArray[np.float64]


def wratio(phrasings: Sequence[str], texts: Sequence[str]) -> Array:
    """Return rapidfuzz's WRatio, the scorer that it uses if none is named."""
    return _rapidfuzz(phrasings, texts, fuzz.WRatio)


def token_set_ratio(phrasings: Sequence[str], texts: Sequence[str]) -> Array:
    """Return rapidfuzz's token_set_ratio, the best of its ratios by recall."""
    return _rapidfuzz(phrasings, texts, fuzz.token_set_ratio)


def bm25(phrasings: Sequence[str], texts: Sequence[str]) -> Array:
    """Return Okapi BM25 with every phrasing as a document."""
    index = BM25Okapi([_words(phrase) for phrase in phrasings])
    return np.array([index.get_scores(_words(text)) for text in texts], np.float64)


def tf_idf(phrasings: Sequence[str], texts: Sequence[str]) -> Array:
    """Return the mean of two TF-IDF cosines: words with pairs, and runs of 2 to 5 characters."""
    by_word = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    by_character = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    index = make_union(by_word, by_character)
    known = index.fit_transform([default_process(phrase) for phrase in phrasings])
    asked = index.transform([default_process(text) for text in texts])
    return np.asarray((asked @ known.T).toarray() / 2, np.float64)


def minilm(encoder: Encoder) -> Rival:
    """Return the cosine of sentence vectors, from the encoder of the semantic stage."""

    def cosines(phrasings: Sequence[str], texts: Sequence[str]) -> Array:
        known = np.stack([encoder.encode(_words(phrase)) for phrase in phrasings])
        asked = np.stack([encoder.encode(_words(text)) for text in texts])
        return np.asarray(asked @ known.T, np.float64)

    return cosines


def _rapidfuzz(
    phrasings: Sequence[str], texts: Sequence[str], scorer: Callable[..., float]
) -> Array:
    scores = process.cdist(
        texts, phrasings, scorer=scorer, processor=default_process, dtype=np.float32
    )
    return np.asarray(scores, np.float64)


def _words(text: str) -> list[str]:
    return default_process(text).split()
