"""Reads a feed's XML into elements, one item at a time, with their namespaces resolved.

Expat parses. What it must never do for a stranger is ruled out here: a document that declares
anything of its own (entities, default attributes) is refused, nothing is fetched, and depth and
number of elements are bounded.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pyexpat import ExpatError, ParserCreate
from types import MappingProxyType
from urllib.parse import urljoin

from bot.core.errors import BadDocument
from bot.core.media import MAX_URL
from bot.ingest.feed_text import read_text

MAX_DEPTH = 100
"""Deepest nesting: a description in XHTML stays below twenty."""

MAX_ELEMENTS = 20_000
"""Most elements of one item, and of the feed around its items."""

MAX_PREFIXES = 100
"""Most namespaces in force at one place."""

_PODCAST = "github.com/podcastindex-org/podcast-namespace"

_NAMESPACES = {
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "podlove.org/simple-chapters": "psc",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "www.rssboard.org/media-rss": "media",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
    # Those of RSS itself, which has none in most feeds.
    "": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
}
_USUAL_PREFIXES: Mapping[str, str] = MappingProxyType(
    {name: name for name in (*_NAMESPACES.values(), "xhtml") if name}
    | {"googleplay": "?", "": "", "xml": "xml"}
)
"""What prefixes mean that a feed uses without declaring them."""


_ROOTS = frozenset({"rss", "rdf:rdf", "atom:feed"})


@dataclass(slots=True)
class Element:
    """An element: its usual prefix and name in small letters, such as ``podcast:transcript``.

    RSS's own have no prefix, those of unknown namespaces ``?``. ``base`` is the address that
    its relative links start from. ``content`` has its text and its elements in their order.
    """

    name: str
    attributes: Mapping[str, str]
    base: str
    content: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> Iterator[Element]:
        """Its elements."""
        return (each for each in self.content if isinstance(each, Element))

    @property
    def text(self) -> str:
        """Its own text, without that of its elements."""
        return "".join(each for each in self.content if isinstance(each, str))

    @property
    def markup(self) -> str:
        """What it holds as HTML: written out by RSS, in elements by XHTML, plain by Atom."""
        kind = self.attributes.get("type", "").strip().lower()
        if self.name.startswith(("atom:", "media:")) and kind in {"", "text", "plain"}:
            return html.escape(self.text, quote=False)
        if not any(True for _ in self.children):
            return self.text
        pieces: list[str] = []
        self._add_markup(pieces)
        return "".join(pieces)

    def by_name(self) -> dict[str, list[Element]]:
        """Return its elements by their names, each name's in their order."""
        found: dict[str, list[Element]] = {}
        for child in self.children:
            found.setdefault(child.name, []).append(child)
        return found

    def _add_markup(self, pieces: list[str]) -> None:
        for each in self.content:
            if isinstance(each, str):
                pieces.append(html.escape(each, quote=False))
                continue
            tag = each.name.rpartition(":")[2]
            pieces.append(f"<{tag}>")
            each._add_markup(pieces)
            pieces.append(f"</{tag}>")


def read_tree(document: bytes, url: str, on_item: Callable[[Element], None]) -> Element:
    """Read a feed: hand each item on as it ends, and return the root with all the rest.

    Raise BadDocument, with the line where there is one, for what is no feed.
    """
    text, lines_before = read_text(document)
    return _Builder(url, on_item, lines_before).read(text)


@dataclass(slots=True)
class _Builder:
    url: str
    on_item: Callable[[Element], None]
    lines_before: int
    open: list[Element] = field(default_factory=list)
    scopes: list[Mapping[str, str]] = field(default_factory=list)
    """What prefixes mean, for each open element."""
    root: Element | None = None
    in_item: int = 0
    """The number of open elements above the item being read, 0 outside items."""
    elements: int = 0
    elements_outside: int = 0

    def read(self, text: str) -> Element:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(text, True)
        except ExpatError as error:
            if self.root is None:
                line = error.lineno + self.lines_before
                raise BadDocument(
                    f"This feed's XML is broken: {_reason(error)}.", line=line
                ) from None
            # What comes after the end of the feed is no part of it.
        except BadDocument as error:
            raise BadDocument(
                error.sentence, line=parser.CurrentLineNumber + self.lines_before
            ) from None
        if self.root is None:
            raise BadDocument("This feed has no end: it was cut off.")
        return self.root

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, own_declarations: bool
    ) -> None:
        if own_declarations:
            raise BadDocument("This feed declares entities of its own, which no feed needs.")

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise BadDocument(f"This feed is nested deeper than {MAX_DEPTH} elements.")
        scope = self._scope(written, attributes)
        name = _name(written, scope)
        base = self.open[-1].base if self.open else self.url
        if not self.open and name not in _ROOTS:
            raise BadDocument("This is no feed: it is neither RSS nor Atom.")
        if attributes:
            attributes = {key.lower(): value for key, value in attributes.items()}
            base = joined(base, attributes["xml:base"]) if "xml:base" in attributes else base
        self._count(name)
        self.open.append(Element(name, attributes, base))
        self.scopes.append(scope)

    def _count(self, name: str) -> None:
        if not self.in_item and name in {"item", "atom:entry"}:
            self.in_item, self.elements = len(self.open), 0
        if self.in_item:
            self.elements += 1
        else:
            self.elements_outside += 1
        if max(self.elements, self.elements_outside) > MAX_ELEMENTS:
            raise BadDocument(f"One part of this feed has more than {MAX_ELEMENTS:,} elements.")

    def _end(self, _written: str) -> None:
        element = self.open.pop()
        self.scopes.pop()
        if self.in_item and len(self.open) == self.in_item:
            self.in_item = 0
            self.on_item(element)
        elif self.open:
            self.open[-1].content.append(element)
        else:
            self.root = element

    def _text(self, text: str) -> None:
        self.open[-1].content.append(text)

    def _scope(self, written: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
        scope = self.scopes[-1] if self.scopes else _USUAL_PREFIXES
        declared = {
            key[6:].lower(): _namespace(uri)
            for key, uri in attributes.items()
            if key == "xmlns" or key.startswith("xmlns:")
        }
        if not self.open and written.lower() == "rss":
            # RSS itself has no namespace; a feed that names one for all means another's.
            declared.pop("", None)
        if not declared:
            return scope
        if len(scope) + len(declared) > MAX_PREFIXES + len(_USUAL_PREFIXES):
            raise BadDocument(f"This feed declares more than {MAX_PREFIXES} namespaces.")
        return {**scope, **declared}


def joined(base: str, target: str) -> str:
    """Return where a link leads from ``base``, empty if nowhere."""
    if len(target) > MAX_URL:
        return ""
    try:
        return urljoin(base, target.strip())
    except ValueError:
        return ""


def _namespace(uri: str) -> str:
    bare = uri.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/#")
    return "podcast" if bare.startswith(_PODCAST) else _NAMESPACES.get(bare, "?")


def _name(written: str, scope: Mapping[str, str]) -> str:
    prefix, _, local = written.lower().rpartition(":")
    namespace = scope.get(prefix, "?")
    return f"{namespace}:{local}" if namespace else local


def _reason(error: ExpatError) -> str:
    return str(error).partition(":")[0]
