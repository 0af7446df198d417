"""Other people's readers, on the same documents: where Segue's differs, the page says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pysubs2
import pytest
import srt
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st
from webvtt.errors import MalformedFileError

from bot.core.errors import BadDocument
from bot.core.transcript import Cue, Transcript
from bot.ingest.subrip import read_subrip
from bot.ingest.webvtt import read_webvtt
from tests.unit.ingest import written

_PAGE = Path(__file__).parents[3] / "docs" / "readers.md"

Said = tuple[int, int, str]
"""Start and end in milliseconds, and the text with its spaces collapsed."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ms(written_time: str) -> int:
    total = 0.0
    for part in written_time.split(":"):
        total = total * 60 + float(part)
    return round(total * 1_000)


def _webvtt_py(document: str) -> list[Said]:
    found = webvtt.from_string(document)
    return [(_ms(each.start), _ms(each.end), _one_line(each.text)) for each in found]


def _pysubs2_vtt(document: str) -> list[Said]:
    return _pysubs2(document, "vtt")


def _pysubs2_srt(document: str) -> list[Said]:
    return _pysubs2(document, "srt")


def _pysubs2(document: str, kind: str) -> list[Said]:
    found = pysubs2.SSAFile.from_string(document, format_=kind)
    return [(each.start, each.end, _one_line(each.plaintext)) for each in found]


def _srt(document: str) -> list[Said]:
    return [
        (_whole(each.start), _whole(each.end), _one_line(each.content))
        for each in srt.parse(document)
    ]


def _whole(moment: object) -> int:
    return round(moment.total_seconds() * 1_000)  # type: ignore[attr-defined]


_OTHERS: dict[str, Callable[[str], list[Said]]] = {
    "webvtt-py": _webvtt_py,
    "pysubs2 (VTT)": _pysubs2_vtt,
    "pysubs2 (SRT)": _pysubs2_srt,
    "srt": _srt,
}


def _ours(read: Callable[[str], Transcript], document: str) -> list[Said]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in read(document).cues]


@dataclass(frozen=True)
class _Difference:
    """A document that Segue reads otherwise than another reader, and why."""

    document: str
    why: str
    theirs: dict[str, str]
    ours: str

    @property
    def is_webvtt(self) -> bool:
        return self.document.lstrip().startswith("WEBVTT")

    @property
    def row(self) -> str:
        """The difference as a row of the page's table."""
        theirs = "; ".join(f"{name}: {_cell(what)}" for name, what in self.theirs.items())
        return f"| {_cell(self.document)} | {theirs} | {_cell(self.ours)} | {self.why} |"


def _cell(text: str) -> str:
    shown = text.replace("\n", "⏎").replace("\r", "␍").replace("\0", "␀")
    return f"`{shown}`"


def _shown(read: Callable[[str], list[Said]], document: str) -> str:
    """Return what a reader makes of a document, in few letters: ``1–2 text``."""
    try:
        found = read(document)
    except (BadDocument, srt.SRTParseError, MalformedFileError) as error:
        return error.sentence if isinstance(error, BadDocument) else "refused"
    return (
        ", ".join(f"{start / 1e3:g}–{end / 1e3:g} {text}" for start, end, text in found) or "no cue"
    )


_VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
_SRT = "1\n00:00:01,000 --> 00:00:02,000\n"
_W, _PV, _PS, _S = _OTHERS

DIFFERENCES = [
    _Difference(
        _VTT + "R&amp;D",
        "An entity is a way to write a letter; WebVTT's rules resolve it.",
        {_W: "1–2 R&amp;D", _PV: "1–2 R&amp;D"},
        "1–2 R&D",
    ),
    _Difference(
        _VTT + "a List<int> of",
        "It was said: only tags that the format has are taken out.",
        {_W: "1–2 a List of", _PV: "1–2 a List of"},
        "1–2 a List<int> of",
    ),
    _Difference(
        _VTT + "<ruby>漢<rt>かん</rt></ruby>",
        "The reading beside a word is not said a second time.",
        {_W: "1–2 漢かん", _PV: "1–2 漢かん"},
        "1–2 漢",
    ),
    _Difference(
        _VTT + "a<00:01.500> b",
        "A time inside a cue is no text; it becomes a mark.",
        {_PV: "1–2 a<00:01.500> b"},
        "1–2 a b",
    ),
    _Difference(
        _VTT + "so<br>on",
        "A line's break parts two words.",
        {_W: "1–2 soon", _PV: "1–2 soon"},
        "1–2 so on",
    ),
    _Difference(
        _VTT + "a --> b",
        "Without times it is something said about an arrow. (WebVTT forbids it unescaped.)",
        {_W: "1–2 "},
        "1–2 a --> b",
    ),
    _Difference(
        _VTT + "a\n\nlost",
        "As the W3C says, and as browsers do: a blank line ends a cue.",
        {_PV: "1–2 a lost"},
        "1–2 a",
    ),
    _Difference(
        _VTT + "<v A>x</v> <v B>y</v>",
        "Two people's words are two cues, each with its speaker.",
        {_W: "1–2 x y", _PV: "1–2 x y"},
        "1–2 x, 1–2 y",
    ),
    _Difference(
        _VTT + "a\0b",
        "Control characters are nobody's words.",
        {_W: "1–2 a\0b", _PV: "1–2 a\0b"},
        "1–2 ab",
    ),
    _Difference(
        "\nWEBVTT\n\n00:01.000 --> 00:02.000\na",
        "A blank line before the header harms nobody.",
        {_W: "refused"},
        "1–2 a",
    ),
    _Difference(
        "WEBVTT\n\n00:05.0 --> 00:06.5\nb\n\n00:01.0 --> 00:02.0\na",
        "Cues are put in order, and a tenth needs no zeros.",
        {_W: "5–6.5 b, 1–2 a", _PV: "no cue"},
        "1–2 a, 5–6.5 b",
    ),
    _Difference(
        "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\na",
        "A comma for a point leaves no doubt.",
        {_W: "no cue", _PV: "no cue"},
        "1–2 a",
    ),
    _Difference(
        "WEBVTT\n\n75:00.000 --> 76:00.000\na",
        "Without hours, 75 minutes can be nothing else.",
        {_W: "no cue"},
        "4500–4560 a",
    ),
    _Difference(
        "WEBVTT\n\n-00:01.000 --> 00:02.000\na",
        "Nothing is said before the beginning, nor is a minus ignored.",
        {_W: "no cue", _PV: "1–2 a"},
        "0–2 a",
    ),
    _Difference(
        "WEBVTT\n\n00:05.000 --> 00:04.000\na",
        "The start is what counts; a cue cannot end before it.",
        {_W: "5–4 a", _PV: "5–4 a"},
        "5–5 a",
    ),
    _Difference(
        "WEBVTT\n\n00:01.000 --> 00:61.000\na",
        "It is not a time. Nothing is left out without a word.",
        {_W: "no cue", _PV: "1–61 a"},
        "Line 3: Minutes and seconds go to 59.",
    ),
    _Difference(
        "WEBVTT\n\n00:01.000 --> bad\na\n\n00:05.000 --> 00:06.000\nb",
        "Nothing is read in part: words would be missing, and nobody told.",
        {_W: "5–6 b", _PV: "5–6 b"},
        "Line 3: These times cannot be read.",
    ),
    _Difference(
        "WEBVTT\n\n100:00:00.000 --> 100:00:01.000\na",
        "No episode is that long; Segue's times go up to 99:59:59.",
        {_W: "360000–360001 a", _PV: "360000–360001 a"},
        "Line 3: Times go up to 99:59:59.",
    ),
    _Difference(
        _VTT + "&nbsp;",
        "A cue without words says nothing, and no cue at all is no transcript.",
        {_W: "1–2 &nbsp;", _PV: "1–2 &nbsp;"},
        "There are no timed words in this transcript.",
    ),
    _Difference(
        "1\n00:00:01.5 --> 00:00:02.25\na",
        "1.5 s is one and a half.",
        {_S: "1.005–2.025 a"},
        "1.5–2.25 a",
    ),
    _Difference(
        _SRT + "{\\an8}<i>a</i> <div> &lt;3",
        "Styles are no words; what is no style was said.",
        {_S: "1–2 {\\an8}<i>a</i> <div> &lt;3", _PS: "1–2 a &lt;3"},
        "1–2 a <div> <3",
    ),
    _Difference(
        "Made by X\n\n" + _SRT + "a",
        "What stands before the first times has none.",
        {_S: "refused"},
        "1–2 a",
    ),
    _Difference(
        "00:01,000 --> 00:02,000\na",
        "Two parts are minutes and seconds.",
        {_S: "60–120 a", _PS: "no cue"},
        "1–2 a",
    ),
    _Difference(
        "1\n00: 00: 01, 000 -> 00: 00: 02, 000\na",
        "Spaces and a short arrow leave no doubt.",
        {_S: "refused", _PS: "no cue"},
        "1–2 a",
    ),
    _Difference(
        "1\n00:00:61,000 --> 00:01:02,000\na",
        "It is not a time.",
        {_S: "61–62 a", _PS: "61–62 a"},
        "Line 2: Minutes and seconds go to 59.",
    ),
    _Difference(
        "1\n100:00:01,000 --> 100:00:02,000\na",
        "Its hours are not left out.",
        {_S: "360001–360002 a", _PS: "1–2 a"},
        "Line 2: Times go up to 99:59:59.",
    ),
    _Difference(
        _SRT + "from 00:00:05,000 to 00:00:06,000",
        "Times that are talked about are no cue's.",
        {_PS: "1–2 , 5–6 "},
        "1–2 from 00:00:05,000 to 00:00:06,000",
    ),
    _Difference(
        _SRT + "\n2\n00:00:03,000 --> 00:00:04,000\nb",
        "A cue without words says nothing.",
        {_S: "1–2 , 3–4 b", _PS: "1–2 , 3–4 b"},
        "3–4 b",
    ),
    _Difference(
        "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\nLEX: {n}.\n\n" for n in (1, 2, 3)),
        "A name that comes again is the speaker's, and kept as such.",
        dict.fromkeys((_S, _PS), "1–1.5 LEX: 1., 2–2.5 LEX: 2., 3–3.5 LEX: 3."),
        "1–1.5 1., 2–2.5 2., 3–3.5 3.",
    ),
]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: _cell(each.document)[:60])
def test_each_difference_is_as_the_page_says(difference: _Difference):
    for name, theirs in difference.theirs.items():
        assert _shown(_OTHERS[name], difference.document) == theirs
    read = read_webvtt if difference.is_webvtt else read_subrip
    ours = _shown(lambda document: _ours(read, document), difference.document)
    assert ours == difference.ours
    assert ours not in difference.theirs.values()
    assert difference.row in _PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: _cell(each.document)[:60])
def test_readers_that_the_page_does_not_name_agree(difference: _Difference):
    read = read_webvtt if difference.is_webvtt else read_subrip
    for name in (_W, _PV) if difference.is_webvtt else (_PS, _S):
        if name not in difference.theirs:
            assert _shown(_OTHERS[name], difference.document) == _shown(
                lambda document: _ours(read, document), difference.document
            )


def _plain(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues without what the page is about: markup, and cues without a letter."""
    return [cue._replace(text="so " + re.sub(r"[<>&{}\\]", "x", cue.text)) for cue in cues]


_PLAIN = written.cues().map(_plain)
_SLIPS = st.sampled_from([
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.rstrip("\n"),
    lambda text: text.replace("\n\n", "\n\n\n\n"),
    lambda text: text.replace("so ", "so\n"),
    lambda text: text + "\n\n",
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(_PLAIN, _SLIPS)
def test_ordinary_webvtt_is_read_alike_by_all(cues: list[Cue], slip: Callable[[str], str]):
    document = slip(written.webvtt(cues))
    ours = _ours(read_webvtt, document)
    assert ours == _webvtt_py(document)
    assert ours == _pysubs2_vtt(document)


_SUBRIP_SLIPS = _SLIPS | st.sampled_from([
    lambda text: re.sub(r"(?m)^[0-9]+\n(?=[0-9:,]+ -->)", "", text),
    lambda text: text.replace("so ", "so\n\n"),
    lambda text: text.replace(" --> ", "  -->  "),
    lambda text: re.sub(r"([0-9]),([0-9]{3}) ?", r"\1.\2 ", text),
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(_PLAIN, _SUBRIP_SLIPS)
def test_ordinary_and_careless_subrip_is_read_alike_by_all(
    cues: list[Cue], slip: Callable[[str], str]
):
    document = slip(written.subrip(cues))
    ours = _ours(read_subrip, document)
    assert ours == _pysubs2_srt(document)
    assert ours == _srt(document)
