"""FAQs of any size, made by drawing words of our own phrasings anew: for time and memory only.

They mean nothing. Words come as often as they do in the phrasings, the phrasings of one entry
share words as real ones do, and the same seed always gives the same FAQ.
"""

import itertools
import random
from collections.abc import Mapping, Sequence

from bot.domain import Library

PHRASINGS = 5
_TOPIC = 12
_SHARED = 3


def generate(
    library: Library, entries: int, questions: int, seed: int = 0
) -> tuple[Mapping[str, Sequence[str]], list[str]]:
    """Return the phrasings of every entry, and questions that are none of them."""
    asks = [ask.split() for entry in library.entries.values() for ask in entry.ask]
    words = list(itertools.chain.from_iterable(asks))
    lengths = [len(ask) for ask in asks]
    lot = random.Random(seed)
    topics = [lot.choices(words, k=_TOPIC) for _ in range(entries)]
    phrasings = {
        f"generated-{i}": [_phrase(topic, words, lengths, lot) for _ in range(PHRASINGS)]
        for i, topic in enumerate(topics)
    }
    asked = [_phrase(lot.choice(topics), words, lengths, lot) for _ in range(questions)]
    return phrasings, asked


def _phrase(
    topic: Sequence[str], words: Sequence[str], lengths: Sequence[int], lot: random.Random
) -> str:
    """Return a phrase as long as a real one: some words of the topic, the others any."""
    length = lot.choice(lengths)
    drawn = [*lot.sample(topic, min(_SHARED, length)), *lot.choices(words, k=length)]
    return " ".join(lot.sample(drawn[:length], length))
