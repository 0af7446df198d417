"""Turns a cell's Markdown and HTML into plain text and the links it holds.

It reads what people and models write, not one dialect: emphasis, code spans, links of every
kind, HTML tags and entities are taken off, and whatever does not pair up stays as it was
written. Each part of the source is looked at a bounded number of times.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.ingest.recordings import absolute

NO_DEFINITIONS: Mapping[str, str] = MappingProxyType({})

_ESCAPED = r"\\[!-/:-@\[-`{-~]"
_ENTITY = r"&(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});"

_TOKEN = re.compile(
    rf"""
    (?P<escaped>{_ESCAPED})
  | (?P<ticks>`+)
  | (?P<entity>{_ENTITY})
  | (?P<autolink><https?://[^\s<>]*>)
  | (?P<comment><!--)
  | (?P<tag></?[A-Za-z][^<>]*>)
  | (?P<run>\*+|_+|~~+)
  | (?P<open>!?\[)
  | (?P<close>\])
  | (?P<url>https?://[^\s<>\[\]|\\`"]*)
    """,
    re.VERBOSE | re.IGNORECASE,
)

# A link's target and title. Every piece excludes the character that ends it, and the target
# is bounded, so a failed match costs no more than the text it looked at.
_TARGET = re.compile(
    r"""\(\ ?(?:<(?P<angle>[^<>]{0,2048})>|(?P<bare>(?:\([^\s()]{0,2048}\)|[^\s()]){0,2048}+))
    (?:\ (?:"[^"]{0,2048}"|'[^']{0,2048}'|\([^()]{0,2048}\)))?\ ?\)""",
    re.VERBOSE,
)
_TICKS = re.compile(r"`+")
_LABEL = re.compile(r"\[([^\[\]]{0,200})\]")
_HREF = re.compile(r"""\bhref\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HIDDEN = re.compile(f"{_ESCAPED}|{_ENTITY}", re.IGNORECASE)

_BREAKS = re.compile("br|p|div|li|ul|ol|tr|table|h[1-6]|blockquote|pre|hr")
_SILENT = re.compile(
    "a|abbr|b|big|center|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike|"
    f"strong|sub|sup|tt|u|var|wbr|td|th|tbody|thead|details|summary|{_BREAKS.pattern}"
)
"""Tags a browser would not show. Any other ``<word>`` is somebody's text, such as List<int>."""

_INVISIBLE = dict.fromkeys(
    (*range(9), *range(14, 32), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x2060, 0xFEFF)
)
"""Control characters, soft hyphen, spaces of no width: they would hide a word from search."""

_MAX_LABEL = 200
"""Longest label of a reference-style link looked up, in characters."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, and its target as an http(s) address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Inline:
    """Plain text, its paragraphs apart by a blank line, and the http(s) links in it."""

    text: str
    links: tuple[Link, ...]


_NOTHING = Inline("", ())


def read_inline(markdown: str, definitions: Mapping[str, str] = NO_DEFINITIONS) -> Inline:
    """Read ``markdown``; ``definitions`` maps the case-folded labels of ``[label]: url``."""
    source = " ".join(markdown.split())
    # Every other line of a document is blank.
    return _Reader(source, definitions).read() if source else _NOTHING


def plain(markdown: str, definitions: Mapping[str, str] = NO_DEFINITIONS) -> str:
    """Return the plain text of ``markdown``."""
    return read_inline(markdown, definitions).text


def one_line(text: str) -> str:
    """Return plain text with its paragraphs run together."""
    return " ".join(text.split())


@dataclass(slots=True)
class _Run:
    """A run of emphasis marks that may open: where it stands, and how many are unpaired."""

    part: int
    char: str
    left: int


@dataclass(slots=True)
class _Reader:
    source: str
    definitions: Mapping[str, str]
    parts: list[str] = field(default_factory=list)
    runs: dict[str, list[_Run]] = field(default_factory=dict)
    bold: set[int] = field(default_factory=set)
    """The parts that are runs of two stars or more."""
    brackets: list[tuple[int, int, bool]] = field(default_factory=list)
    """Open brackets: index of the part, end in the source, whether an image."""
    anchor: tuple[int, str] | None = None
    found: list[tuple[int, int, str]] = field(default_factory=list)
    """Links: first and last part of the words, and the target."""
    closing: dict[int, int] = field(default_factory=dict)
    """For each run of backticks the start of the next one of the same length."""

    def read(self) -> Inline:
        self.closing = _closing_ticks(self.source)
        readers: dict[str, Callable[[re.Match[str]], int]] = {
            "escaped": self._escaped,
            "ticks": self._ticks,
            "entity": self._entity,
            "autolink": self._autolink,
            "comment": self._comment,
            "tag": self._tag,
            "run": self._run,
            "open": self._open,
            "close": self._close,
            "url": self._url,
        }
        position = 0
        while token := _TOKEN.search(self.source, position):
            self.parts.append(self.source[position : token.start()])
            position = readers[token.lastgroup or ""](token)
        self.parts.append(self.source[position:])
        self._drop_dangling_marks()
        if self.anchor:
            self._end_anchor(*self.anchor)
        links = (
            Link(one_line(tidy("".join(self.parts[first:last]))), url)
            for first, last, target in sorted(self.found)
            if (url := absolute(target)) is not None
        )
        return Inline(tidy("".join(self.parts)), tuple(links))

    def _literal(self, token: re.Match[str]) -> int:
        self.parts.append(token[0])
        return token.end()

    def _escaped(self, token: re.Match[str]) -> int:
        self.parts.append(token[0][1])
        return token.end()

    def _ticks(self, token: re.Match[str]) -> int:
        start = self.closing.get(token.start())
        if start is None:
            return self._literal(token)
        # Tables take off the backslash before a pipe even inside code.
        self.parts.append(self.source[token.end() : start].replace("\\|", "|"))
        return start + len(token[0])

    def _entity(self, token: re.Match[str]) -> int:
        character = html.unescape(token[0])
        self.parts.append(" " if character.isspace() else character)
        return token.end()

    def _autolink(self, token: re.Match[str]) -> int:
        self._found_url(token[0][1:-1])
        return token.end()

    def _url(self, token: re.Match[str]) -> int:
        # Marks and full stops at the end belong to the sentence around the address.
        url = token[0].rstrip("*_~.,;:!?')")
        if url.count("(") > url.count(")") and token[0][len(url) :].startswith(")"):
            url += ")"
        self._found_url(url)
        return token.start() + len(url)

    def _found_url(self, url: str) -> None:
        self.found.append((len(self.parts), len(self.parts) + 1, url))
        self.parts.append(url)

    def _comment(self, token: re.Match[str]) -> int:
        end = self.source.find("-->", token.end())
        if end < 0:
            # Nothing after this one closes either: leave no second search to do.
            self.parts.append(self.source[token.start() :])
            return len(self.source)
        return end + 3

    def _tag(self, token: re.Match[str]) -> int:
        name = re.split(r"[^a-z0-9]", token[0].strip("</>").lower(), maxsplit=1)[0]
        if not _SILENT.fullmatch(name):
            self.parts.append("<")
            return token.start() + 1
        if _BREAKS.fullmatch(name):
            self.parts.append("\n")
        elif name == "a":
            self._anchor_tag(token[0])
        return token.end()

    def _anchor_tag(self, tag: str) -> None:
        if self.anchor and tag.startswith("</"):
            self._end_anchor(*self.anchor)
            self.anchor = None
        elif href := _HREF.search(tag):
            self.anchor = (len(self.parts), link_target(next(filter(None, href.groups()), "")))

    def _end_anchor(self, first: int, target: str) -> None:
        self.found.append((first, len(self.parts), target))

    def _run(self, token: re.Match[str]) -> int:
        char, count = token[0][0], len(token[0])
        can_open, can_close = _flanking(self.source, token)
        openers = self.runs.setdefault(char, [])
        while can_close and count and openers:
            paired = min(count, openers[-1].left)
            openers[-1].left -= paired
            count -= paired
            self._show(openers[-1])
            if not openers[-1].left:
                openers.pop()
        if token[0].startswith("**"):
            self.bold.add(len(self.parts))
        self.parts.append(char * count)
        if can_open and count:
            openers.append(_Run(len(self.parts) - 1, char, count))
        return token.end()

    def _show(self, run: _Run) -> None:
        self.parts[run.part] = run.char * run.left

    def _open(self, token: re.Match[str]) -> int:
        self.brackets.append((len(self.parts), token.end(), token[0] == "!["))
        return self._literal(token)

    def _close(self, token: re.Match[str]) -> int:
        if not self.brackets:
            return self._literal(token)
        part, start, is_image = self.brackets.pop()
        target, end = self._target(start, token)
        if target is None:
            return self._literal(token)
        self.parts[part] = ""
        if not is_image:
            self.found.append((part, len(self.parts), target))
            # A link holds no other link, so what opened before it is only brackets.
            self.brackets.clear()
        return end

    def _target(self, start: int, token: re.Match[str]) -> tuple[str | None, int]:
        """Return the target of the brackets that ``token`` closes, and where it ends."""
        after = token.end()
        inline = _TARGET.match(self.source, after)
        if inline:
            written = inline["bare"] if inline["angle"] is None else inline["angle"]
            return link_target(written), inline.end()
        if not self.definitions or token.start() - start > _MAX_LABEL:
            return None, after
        own = self.source[start : token.start()]
        label = _LABEL.match(self.source, after)
        if label:
            return self.definitions.get((label[1].strip() or own.strip()).casefold()), label.end()
        return self.definitions.get(own.strip().casefold()), after

    def _drop_dangling_marks(self) -> None:
        """Drop an unpaired ``**`` at either end: half of an emphasis, never somebody's text."""
        for ends in (range(len(self.parts)), range(len(self.parts) - 1, -1, -1)):
            first = next((index for index in ends if self.parts[index]), None)
            if first is not None and first in self.bold:
                self.parts[first] = ""


def code_spans(source: str) -> list[tuple[int, int]]:
    """Return where each code span of ``source`` starts and ends, its backticks included."""
    closing = _closing_ticks(source)
    spans: list[tuple[int, int]] = []
    for run in _TICKS.finditer(source):
        start = closing.get(run.start())
        if start is not None and (not spans or run.start() >= spans[-1][1]):
            spans.append((run.start(), start + len(run[0])))
    return spans


def _closing_ticks(source: str) -> dict[int, int]:
    following: dict[int, int] = {}
    closing: dict[int, int] = {}
    for run in reversed(list(_TICKS.finditer(source))):
        length = run.end() - run.start()
        if length in following:
            closing[run.start()] = following[length]
        following[length] = run.start()
    return closing


def _flanking(source: str, token: re.Match[str]) -> tuple[bool, bool]:
    """Return whether a run of marks may open and may close (CommonMark 0.31, section 6.2)."""
    before = source[token.start() - 1] if token.start() else " "
    after = source[token.end()] if token.end() < len(source) else " "
    left = not after.isspace() and (not _is_mark(after) or before.isspace() or _is_mark(before))
    right = not before.isspace() and (not _is_mark(before) or after.isspace() or _is_mark(after))
    if token[0][0] == "_":
        return left and (not right or _is_mark(before)), right and (not left or _is_mark(after))
    return left, right


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def link_target(target: str) -> str:
    """Take escapes and entities out of a link's target."""
    return _HIDDEN.sub(
        lambda part: part[0][1] if part[0][0] == "\\" else html.unescape(part[0]), target
    )


def tidy(text: str) -> str:
    """Return text with a blank line for each run of line breaks and one space for any other."""
    lines = (" ".join(line.split()) for line in text.translate(_INVISIBLE).split("\n"))
    return "\n\n".join(line for line in lines if line)
