"""Writes cues in every format that is read, as their makers do."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from hypothesis import strategies as st

from bot.core.transcript import Cue

_LETTERS = "abcdefgXYZ0123456789éßøž中文語한שלмирمرحبا🎙😀.,!?;'’“”–…()&"
_WORDS = ["R&D", "a < b", "List<int>", "->", "&amp;", "5", "12", "#459", "o3-mini", "C++", "[sic]"]


def words() -> st.SearchStrategy[str]:
    """Return one line of two words or more, of any script."""
    word = st.one_of(st.sampled_from(_WORDS), st.text(_LETTERS, min_size=1, max_size=9))
    return st.lists(word, min_size=2, max_size=9).map(" ".join)


@st.composite
def cues(draw: st.DrawFn, speakers: Sequence[str] = ("",), marked: bool = False) -> list[Cue]:
    """Return cues one after another, each of some speaker, some of their words with a time."""
    found = []
    at = draw(st.integers(0, 10_000))
    for _ in range(draw(st.integers(1, 12))):
        end = at + draw(st.integers(0, 9_000))
        text = draw(words())
        places = [match.start() for match in re.finditer(r"(?<=\s)\S", text)] if marked else []
        times = sorted(draw(st.lists(st.integers(at, end), max_size=len(places))))
        marks = tuple(zip(places, times, strict=False))
        found.append(Cue(at, end, text, draw(st.sampled_from(speakers)), marks))
        at = end + draw(st.integers(0, 5_000)) + 1
    return found


def time(ms: int, point: str = ".") -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"


def webvtt(cues: Sequence[Cue], head: str = "WEBVTT") -> str:
    """Return WebVTT with voices, entities and inline times."""
    return "\n\n".join([head, *map(_block, cues)]) + "\n"


def _block(cue: Cue) -> str:
    text, start = "", 0
    for index, at in cue.marks:
        text += f"{escape(cue.text[start:index], quote=False)}<{time(at)}>"
        start = index
    text += escape(cue.text[start:], quote=False)
    voice = f"<v {escape(cue.speaker, quote=False)}>" if cue.speaker else ""
    return f"{time(cue.start_ms)} --> {time(cue.end_ms)}\n{voice}{text}"


def subrip(cues: Sequence[Cue], point: str = ",") -> str:
    """Return SubRip; speakers stand before a colon."""
    return "".join(
        f"{number}\n{time(cue.start_ms, point)} --> {time(cue.end_ms, point)}\n"
        f"{cue.speaker + ': ' if cue.speaker else ''}{escape(cue.text, quote=False)}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def podcast_json(cues: Sequence[Cue]) -> str:
    """Return a Podcasting 2.0 transcript."""
    segments = [
        {"startTime": cue.start_ms / 1000, "endTime": cue.end_ms / 1000, "body": cue.text}
        | ({"speaker": cue.speaker} if cue.speaker else {})
        for cue in cues
    ]
    return json.dumps({"version": "1.0.0", "segments": segments})


def json3(cues: Sequence[Cue]) -> str:
    """Return YouTube's json3, with a window first and an appended line end after each cue."""
    events: list[object] = [{"tStartMs": 0, "dDurationMs": 9, "id": 1, "wpWinPosId": 1}]
    for cue in cues:
        places = [0, *(index for index, _ in cue.marks), len(cue.text)]
        segs: list[dict[str, object]] = [
            {"utf8": cue.text[start:stop], "acAsrConf": 0} for start, stop in pairwise(places)
        ]
        for seg, (_, at) in zip(segs[1:], cue.marks, strict=True):
            seg["tOffsetMs"] = at - cue.start_ms
        length = cue.end_ms - cue.start_ms
        events.append({"tStartMs": cue.start_ms, "dDurationMs": length, "wWinId": 1, "segs": segs})
        end = {"tStartMs": cue.end_ms, "aAppend": 1, "wWinId": 1, "segs": [{"utf8": "\n"}]}
        events.append(end)
    return json.dumps({"wireMagic": "pb3", "events": events})


def timed_episode(cues: Sequence[Cue], **fields: object) -> str:
    """Return an episode with its cues as [start s, end s, text]."""
    rows = [[cue.start_ms / 1000, cue.end_ms / 1000, cue.text] for cue in cues]
    return json.dumps({"cues": rows, **fields})


def rolling_webvtt(lines: Sequence[tuple[int, int, str]], *, timed: bool = True) -> str:
    """Return lines as YouTube's automatic captions show them: each twice, and once in between."""
    blocks = ["WEBVTT\nKind: captions\nLanguage: en"]
    before = " "
    for start, end, text in lines:
        first, *rest = text.split()
        step = (end - start) / (1 + len(rest))
        tagged = [
            f"<{time(round(start + step * n))}><c> {word}</c>" if timed else f" {word}"
            for n, word in enumerate(rest, 1)
        ]
        setting = "align:start position:0%"
        new = escape(first, quote=False) + "".join(tagged)
        blocks.append(f"{time(start)} --> {time(end)} {setting}\n{before}\n{new}")
        blocks.append(f"{time(end)} --> {time(end + 10)} {setting}\n{text}\n ")
        before = text
    return "\n\n".join(blocks) + "\n"
