"""Tells by a sentence's words how likely another subject begins with it.

People announce what comes next ("next question", "let's talk about"), ask ("can you explain"),
and close what was ("all right", a sponsor's thanks). The weights are near the logarithms of how
much more often such words stand where makers of three shows set a chapter than elsewhere.
"""

from __future__ import annotations

import re

import numpy as np

from bot.outlining.talk import Floats, Talk

_ANNOUNCED = re.compile(
    r"\b(?:next (?:question|one|up|topic|thing|section|chapter|point|part|tip|item|we have)"
    r"|(?:first|second|third|fourth|fifth|last|final|another) (?:question|topic|tip|section)"
    r"|questions? (?:is |comes |here )?(?:is )?from"
    r"|let(?:'s| us) (?:now |just |also |maybe )?"
    r"(?:get|dive|jump|move|go|start|begin|kick|talk|discuss|turn|shift|switch|zoom)"
    r"|we (?:should|have to|need to|gotta|didn't|haven't) (?:also |really )*talk(?:ed)? about"
    r"|(?:one|two|couple) (?:more|last|final) (?:questions?|things?|topics?)"
    r"|(?:another|one) question"
    r"|(?:i|we) (?:want(?:ed)? to|would love to|'d love to|have to|got to|should|need to|gotta)"
    r" (?:also )?(?:ask|talk|touch))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:(?:can|could|would|will) you (?:\w+ ){0,2}?(?:talk|tell|explain|describe|walk|speak|give"
    r"|share|elaborate|say|take|lay|introduce|break|go)"
    r"|tell (?:me|us) (?:about|a|what|how|why|more|the)"
    r"|your (?:thoughts|take|view|opinion|background|story|advice|favou?rite)"
    r"|what do you think|how do you (?:think|see|feel)|do you think|how did you"
    r"|you(?:'ve| have)? (?:mentioned|wrote|described|tweeted)"
    r"|(?:i'd|would) (?:love|like) to (?:get|hear|know))",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^(?:\W|so |yeah |and |but |well |um |uh )*+"
    r"(?:all ?right|alright|ok|okay|cool|nice|awesome|word|sweet|anyways?)\b"
    r"|\b(?:okay|all ?right|alright) so\b",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"\b(?:mov(?:e|ing) on\b|(?:switch|shift|chang)(?:e|ing)? (?:gears|topics?|subjects?)"
    r"|speaking of|(?:going|go|get|come) back to|return to"
    r"|talk(?:ing)? (?:\w+ ){0,4}?about|thank(?:s| you)|welcome)"
    r"|(?:^|\b(?:so|and|but|okay|yeah|now|well|right) )(?:what|how|why|where|when|who)"
    r"(?:'s| is| are| was| were| do| does| did| about| would| made| makes| should| can| could)\b",
    re.IGNORECASE,
)
_KINDS = ((2.0, _ANNOUNCED), (1.2, _ASKED), (1.0, _CLOSED), (0.7, _TURNED))
_QUESTION_MARK = 0.3
_MOST = 3.0

_GOES_ON = re.compile(
    r"(?:because|which|but|or|to|of|that|who|than|with|for|in|on|at|as)\b", re.IGNORECASE
)
_GOING_ON = -0.5

_SPONSOR = re.compile(
    r"\b(?:for sponsoring|(?:our|today's|this episode's) sponsors?|sponsored by"
    r"|brought to you by|promo code|coupon code|use (?:the )?code|free trial)\b",
    re.IGNORECASE,
)
_AFTER_SPONSOR = 0.7
_SPONSOR_REACH = 3

_TURN = 0.5
"""Where speakers are known, a chapter seldom begins in the midst of somebody's turn."""

_LOOKED_AT = 300
_FOLLOWING = (0.6, 0.35)
"""How much the sentences after it bear out that something begins."""


def announcements(talk: Talk) -> Floats:
    """Return of each sentence how much speaks for a chapter to begin with it; 0 is nothing."""
    heads = [text[:_LOOKED_AT] for text in talk.heads]
    own = np.fromiter(map(_own, heads), np.float64, len(heads))
    found = own.copy()
    for distance, share in enumerate(_FOLLOWING, 1):
        found[:-distance] = np.maximum(found[:-distance], share * own[distance:])
    found += _AFTER_SPONSOR * _after_sponsor(heads)
    if talk.new_turn is not None:
        found += np.where(talk.new_turn, _TURN, -_TURN)
    return np.maximum(found, 0.0)


def _own(text: str) -> float:
    weight = sum(weight for weight, kind in _KINDS if kind.search(text))
    if "?" in text:
        weight += _QUESTION_MARK
    return min(weight, _MOST) + (_GOING_ON if _GOES_ON.match(text) else 0.0)


def _after_sponsor(heads: list[str]) -> Floats:
    """Return 1 for the sentences right after a sponsor's, else 0."""
    sponsor = np.fromiter((_SPONSOR.search(text) is not None for text in heads), bool, len(heads))
    after = np.zeros(len(heads), bool)
    for distance in range(1, _SPONSOR_REACH + 1):
        after[distance:] |= sponsor[:-distance]
    found: Floats = (after & ~sponsor).astype(np.float64)
    return found
