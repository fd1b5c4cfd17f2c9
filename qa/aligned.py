"""Which of the figures of its evidence a figure of a sentence is: each is weighed by what is said of it.

Pure. Where several figures could be meant, the words of the sentence belong to one of them. The weights
are those of a conditional logistic regression over sentences that are right (train/fit_aligner.py);
whether a figure has the right value is qa/verify.py's business.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from qa.claims import Claim, alike, canonical, content_words, is_name, weighs
from qa.quantities import quantities

SHIPPED = Path(__file__).parent.parent / "models" / "aligner-zh" / "config.json"
# So much likelier, in log odds, another figure has to be to take the place of one.
SURE = 1.5
FEATURES = (
    "told",
    "scope",
    "missing",
    "covered",
    "alike",
    "alike_own",
    "wholly",
    "period",
    "place",
    "bare",
)

InTime = Callable[[Claim], bool]


def lead(mine: Claim, other: Claim, rivals: Sequence[Claim], in_time: InTime) -> float:
    """By how much, in log odds, a figure of a sentence is one of the evidence and not its rivals.

    `in_time` tells whether what the sentence says of the time fits a figure.
    """
    weights = _weights()
    one, *others = (
        sum(weights[name] * value for name, value in zip(FEATURES, found, strict=True))
        for found in features(mine, (other, *rivals), in_time)
    )
    return one - max(others)


def is_misnamed(mine: Claim, other: Claim, rivals: Sequence[Claim]) -> bool:
    """Whether a sentence names by its number what the evidence says of a rival: 4号线 for 2号线."""
    own, there = canonical(other.own), canonical(other.before)
    return any(
        name not in own and name not in there and any(name in rival.own for rival in rivals)
        for name in _names(mine.own)
    )


def features(mine: Claim, candidates: Sequence[Claim], in_time: InTime) -> list[tuple[float, ...]]:
    """What speaks for each of some figures being that of a sentence, in the order of FEATURES."""
    told, slots = _words(mine.own), [canonical(claim.own) for claim in candidates]
    if not any(map(weighs, told)):
        told = tuple(dict.fromkeys((*told, *mine.subject)))
    subject, named = "".join(mine.subject), "".join(mine.named)

    def weight(word: str) -> float:
        """A word that is said of each tells them apart by nothing, a number or title by most."""
        having = sum(_share(word, slot) > 0 for slot in slots)
        length = _BY_NAME * len(word) if _NAME.match(word) else len(word)
        return length * math.log((len(slots) + 1) / (having + 0.5))

    def share(words: Sequence[str], text: str, but: str = "") -> float:
        """The part of words that one text says, and another does not."""
        weighed = {word: weight(word) for word in words}
        said = {word: max(0.0, _share(word, text) - _share(word, but)) for word in words}
        return sum(weighed[word] * said[word] for word in weighed) / (sum(weighed.values()) or 1.0)

    found: list[tuple[float, ...]] = []
    for claim, slot in zip(candidates, slots, strict=True):
        own, scope = _words(claim.own), canonical(claim.before)
        of = "".join(claim.subject)
        heavy = [word for word in claim.named or claim.subject if weighs(word)]
        found.append(
            (
                share(told, slot),
                share(told, scope, slot),
                sum(
                    weight(word)
                    for word in told
                    if not (_share(word, slot) or _share(word, scope) or _share(word, of))
                )
                / _MUCH,
                share(own, mine.around),
                max((alike(subject, reading) for reading in claim.readings), default=0.0),
                max((alike(named, reading) for reading in claim.readings), default=0.0),
                float(bool(heavy) and all(word in subject for word in heavy)),
                float(in_time(claim)),
                float(not set(mine.places).isdisjoint(claim.places)),
                float(not own),
            )
        )
    return found


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text and what it tells one thing from another by: 4号线, 70至79岁."""
    return tuple(dict.fromkeys((*content_words(canonical(text)), *_names(text))))


@lru_cache(maxsize=8192)
def _names(text: str) -> tuple[str, ...]:
    numbers = (m.written for m in quantities(text) if is_name(m) and m.written[0] != "每")
    return (*numbers, *_QUOTED.findall(text))


_NAME = re.compile('[《“"\\d第一二三四五六七八九十]')
_QUOTED = re.compile('《[^》]{1,30}》|[“"][^”"]{1,30}[”"]')


# So much more a name tells than a word as long.
_BY_NAME = 2
# So much of words that are missing counts as much as another feature.
_MUCH = 10.0
# Of a word put otherwise so much has to be the same.
_HALF, _OF_OTHER_WORDS = 0.5, 0.8


@lru_cache(maxsize=32768)
def _share(word: str, text: str) -> float:
    """How much of a word a text says."""
    if word in text:
        return 1.0
    if _NAME.match(word):
        return 0.0
    share = sum(character in text for character in word) / len(word)
    return _OF_OTHER_WORDS * share if share >= _HALF else 0.0


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    found: dict[str, float] = json.loads(SHIPPED.read_text(encoding="utf-8"))["weights"]
    return found
