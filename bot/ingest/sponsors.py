"""Tells sponsors' chapters by their titles.

Strict on purpose: a talk *about* sponsors must be found, so a title counts only where it has the
form of a label or of an announcement.
"""

from __future__ import annotations

import re

MAX_LOOKED_AT = 300
"""Most characters of a title that are looked at."""

_BREAK = (
    r"(?:ad|advert|advertising|commercial|sponsor|sponsored|sponsorship)"
    r" ?(?:breaks?|messages?|reads?|segments?|spots?|slots?)|(?:pre|mid|post)-?roll(?: ads?)?"
)
_SPONSOR = r"sponsor(?:s|ed|ship)?(?: (?:content|ads?))?"
_AD = r"ads?|adverts?|advertisements?"
_ABROAD = r"werbung|werbepause|anzeige|publicit[ée]|publicidad|pubblicità|reclame"
_OUR = r"(?:our|today's|this (?:week|episode|month)'s|the|a|an)"
_NOTHING_MORE = r"(?: ?#?\d{1,2})?(?: ?[)\]])?"
_EPISODE = r"(?:(?:this|today's) )?(?:episode|show|video|podcast|segment|part)"

_FORMS = re.compile(
    # The label alone: "Ad", "Our sponsors", "[Ad break 2]".
    rf"\A[(\[]?(?:(?:our|today's|paid|first|second) )?(?:{_BREAK}|{_SPONSOR}|{_AD}|{_ABROAD})"
    rf"{_NOTHING_MORE}\Z"
    # The label, then whose: "Sponsor: Acme", "[Ad] Acme".
    rf"|\A(?:(?:our|today's) )?(?:{_BREAK}|{_SPONSOR}|ad|werbung|anzeige)(?: ?#?\d{{1,2}})?"
    r"(?: ?[:|(\[–—•]| - )"
    rf"|\A[(\[](?:{_BREAK}|{_SPONSOR}|ad|werbung|anzeige)[)\]]"
    # Whose, then the label: "Acme (ad)", "Acme – sponsor".
    rf"|[(\[](?:{_BREAK}|{_SPONSOR}|{_AD}|{_ABROAD})[)\]]\Z"
    rf"|(?:[|•–—]| -) ?(?:{_BREAK}|{_SPONSOR}){_NOTHING_MORE}\Z"
    # An announcement: "Brought to you by Acme", "A word from our sponsors".
    rf"|\A(?:{_EPISODE} (?:is |was )?)?(?:proudly |kindly )?"
    r"(?:brought to you|sponsored|presented to you) by\b"
    r"|\A(?:(?:a|some) )?(?:(?:quick|short|brief) )?(?:words?|messages?|break) "
    rf"(?:from|for|by) (?:{_OUR} )?sponsors?\b"
    rf"|\A(?:thanks|thank you|thanking|shout ?-?out)(?: to)? (?:{_OUR} )?sponsors?\b"
    r"|\A#(?:ad|sponsored|werbung|anzeige)\b",
    re.IGNORECASE,
)
_MARKS_BEFORE = re.compile(r"\A[^\w#(\[]++")


def is_sponsor(title: str) -> bool:
    """Return whether a chapter's title says that a sponsor has the word."""
    line = " ".join(title[:MAX_LOOKED_AT].replace("’", "'").split())
    return _FORMS.search(_MARKS_BEFORE.sub("", line)) is not None
