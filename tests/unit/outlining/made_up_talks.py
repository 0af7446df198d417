"""Talks that nobody gave, on subjects whose words do not meet, and vectors that know them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.core.transcript import Sentence

SUBJECTS = {
    "sourdough bread": "sourdough starter flour oven crust yeast dough baker loaf hydration",
    "sailing boats": "keel mast harbour anchor rudder wind sailor tide compass deck",
    "violin making": "violin varnish spruce luthier bridge strings maple bow scroll peg",
    "bee keeping": "hive queen honey swarm nectar wax drone colony smoker frame",
    "old railways": "locomotive boiler signal gauge carriage tunnel platform viaduct steam coal",
    "night skies": "telescope nebula galaxy comet lens eclipse orbit planet meteor dome",
}

PER_SUBJECT = 60
SECONDS = 5

_SAID = (
    "I remember that the {0} and the {1} were with the {2} in those days",
    "You put the {0} near the {1} and then the {2} does the rest",
    "Most people forget the {0} when they look at the {1} of a {2}",
    "It depends on the {0}, and on the {1}, and a bit on the {2}",
)


def made_up_talk(seed: int = 1, *, opening: str = "", speakers: bool = False) -> list[Sentence]:
    """Return half an hour on six subjects, each as long, each opened by ``opening`` if given."""
    chance = random.Random(seed)
    sentences: list[Sentence] = []
    for subject, words in SUBJECTS.items():
        for number in range(PER_SUBJECT):
            text = chance.choice(_SAID).format(*chance.sample(words.split(), 3)) + "."
            if number == 0 and opening:
                text = opening.format(subject)
            speaker = ("Ana" if number == 0 else "Bo") if speakers else ""
            start = len(sentences) * SECONDS * 1_000
            sentences.append(Sentence(start, start + 4_900, text, speaker))
    return sentences


def true_starts() -> list[int]:
    """Return the place of the first sentence of each subject but the first."""
    return [PER_SUBJECT * number for number in range(1, len(SUBJECTS))]


def vectors_of(texts: Sequence[str], seed: int = 7) -> list[bytes]:
    """Return vectors that point to the subjects of texts, more or less, as a model's would."""
    chance = random.Random(seed)
    found: list[bytes] = []
    for text in texts:
        small = text.lower()
        along = [
            60 * (subject in small) + 25 * sum(word in small for word in words.split())
            for subject, words in SUBJECTS.items()
        ]
        noise = [chance.randint(-12, 12) for _ in range(10)]
        found.append(bytes(min(value, 127) % 256 for value in [*along, *noise]))
    return found
