"""The words by which a model's sentence is judged: numbers, amounts, dates, honest beginnings."""

from __future__ import annotations

from bot.core.stemming import stem
from bot.core.stopwords import STOP_WORDS

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"

VALUES = {word: str(value) for value, word in enumerate(_UNITS.split())}
VALUES |= {word: str(value) for value, word in zip(range(30, 100, 10), _TENS.split(), strict=True)}
"""Number words that may stand for their digits, and these for them."""


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


AMOUNTS = _stems(
    "hundred thousand million billion trillion lakh crore bn mn dozen score half third quarter "
    "double triple quadruple twice thrice halve percent tens"
)
"""Words that make a number of the word before them, or are one themselves."""

UNITS = _stems(
    "dollar cent euro pound yen yuan rupee year month week day hour minute second century decade "
    "percent point kilometer mile meter foot inch kilogram ton gram degree watt kilowatt megawatt "
    "gigawatt byte kilobyte megabyte gigabyte terabyte token parameter"
)
"""What is counted: a number before one must stand before it in the source too."""

EXACT = _stems(
    "first second fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth "
    "fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth teens twenties "
    "thirties forties fifties sixties seventies eighties nineties tenfold hundredfold "
    "thousandfold january february march april june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday noon midnight midday "
    "yesterday today tomorrow tonight"
)
"""Other words that say how many, how often or when: they are said only if the source says them."""

_NAMES_TOO = frozenset(
    "art bill bob chase cook dean dick drew faith frank grace grant guest hope it jack jobs joy "
    "lance mark may miles pat rich rob sam said sue us wade ward who will young".split()
)
"""Words that with a capital are as likely somebody's, or something's, name."""

OPENERS = (
    STOP_WORDS
    | frozenset(
        "according although among another argues asks because bringing building claims companies "
        "compares concerns considers covers debates describes despite discusses discussing "
        "drawing examines explains explores following focuses highlights host however instead "
        "looking looks mentions moreover notes outlines overall people points questions "
        "researchers speaker speakers starting suggests therefore thus together training turning "
        "unlike using".split()
    )
) - _NAMES_TOO
"""Words that begin an honest sentence with a capital and name nobody."""


def may_be_a_name(word: str) -> bool:
    """Return whether a word that begins a sentence with a capital may be a name all the same."""
    return word in _NAMES_TOO
