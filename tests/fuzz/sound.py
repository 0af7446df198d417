"""What must hold of everything that a parser returns, however hostile its input."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.core.catalog import EpisodeDraft
from bot.core.commands import ACTIONS_BY_NAME, COMMANDS_BY_NAME, UNKNOWN_ACTION, PlainText
from bot.core.media import MAX_URL, MediaLink, parse_link
from bot.core.query import MAX_CLAUSES, MAX_PHRASE, SearchQuery
from bot.core.timecode import MAX_SECONDS
from bot.core.timequery import TimeQuery
from bot.core.transcript import Chapter, Cue, Sentence, Transcript
from bot.ingest.captions import sentences_of
from bot.ingest.cue_markup import MAX_SPEAKER
from bot.ingest.feeds import Feed, FeedItem
from bot.ingest.json_transcripts import TimedEpisode
from bot.ingest.parsed import ParsedDocument, layout_from_json
from bot.ingest.plain_text import MAX_TEXT, MAX_TITLE
from bot.ingest.timed_text import MAX_TEXT as MAX_CUE_TEXT

MAX_MS = MAX_SECONDS * 1_000

_CONTROL = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of characters that no file or database can hold."""


def stored(*texts: str) -> None:
    """Hold that texts can be stored and shown: a line's end is the only control character."""
    for text in texts:
        found = None if text.isprintable() else _CONTROL.search(text)
        assert found is None, f"{found[0]!r} in a text"


def one_line(text: str, most: int) -> None:
    """Hold that a text is one line, tidy, not blank and not too long."""
    stored(text)
    assert text, "an empty text"
    assert text == " ".join(text.split()), f"an untidy text {text[:80]!r}"
    assert len(text) <= most, f"a text of {len(text)} characters"


def address(url: str) -> None:
    """Hold that an address is empty or one of the web's."""
    stored(url)
    assert url == "" or url.lower().startswith(("http://", "https://")), f"the address {url[:80]!r}"
    assert len(url) <= MAX_URL
    assert not any(letter.isspace() for letter in url), f"the address {url[:80]!r}"


def transcript(found: Transcript) -> None:
    """Hold what ``Transcript`` and ``Cue`` promise."""
    assert found.cues, "no cue"
    assert re.fullmatch("[A-Za-z0-9-]*", found.language)
    for one, other in pairwise(found.cues):
        assert one.start_ms <= other.start_ms, "cues out of order"
    for each in found.cues:
        _cue(each)


def _cue(cue: Cue) -> None:
    assert 0 <= cue.start_ms <= cue.end_ms <= MAX_MS, f"times {cue.start_ms}–{cue.end_ms}"
    one_line(cue.text, MAX_CUE_TEXT)
    if cue.speaker:
        one_line(cue.speaker, MAX_SPEAKER)
    place, time = 0, cue.start_ms
    for next_place, next_time in cue.marks:
        assert place <= next_place < len(cue.text), f"marks {cue.marks}"
        assert time <= next_time <= cue.end_ms, f"marks {cue.marks}"
        place, time = next_place, next_time


def talk(found: Transcript) -> None:
    """Hold what ``Transcript`` promises, and what the sentences made of it do."""
    transcript(found)
    sentences(found, sentences_of(found))


def sentences(of: Transcript, found: Iterable[Sentence]) -> None:
    """Hold what ``sentences_of`` promises: each within the talk, by their start, of its words."""
    first, last = of.cues[0].start_ms, max(cue.end_ms for cue in of.cues)
    source = " ".join(cue.text for cue in of.cues)
    before = first
    for each in found:
        assert before <= each.start_ms <= each.end_ms <= last, f"{each.start_ms}–{each.end_ms}"
        one_line(each.text, len(source))
        assert each.text.split(" ", 1)[0] in source
        before = each.start_ms


def timed_episode(found: TimedEpisode) -> None:
    """Hold what ``TimedEpisode`` promises."""
    transcript(found.transcript)
    stored(found.title, found.show)
    address(found.url)
    assert found.duration_ms is None or 0 <= found.duration_ms <= MAX_MS
    chapters(found.chapters, most=500)


def chapters(found: Iterable[Chapter], *, most: int = MAX_TITLE) -> None:
    """Hold what ``Chapter`` promises of each, and that they are in order."""
    before = 0
    for each in found:
        assert before <= each.start_ms <= MAX_MS + 999, f"a chapter at {each.start_ms}"
        assert each.end_ms is None or each.start_ms < each.end_ms <= MAX_MS, f"until {each.end_ms}"
        one_line(each.title, most)
        address(each.url)
        before = each.start_ms


def listed_chapters(found: tuple[Chapter, ...]) -> None:
    """Hold that a list has two chapters or more, no two at one time."""
    chapters(found)
    assert len(found) >= 2
    assert len({each.start_ms for each in found}) == len(found), "two chapters at one time"


def feed(found: Feed) -> None:
    """Hold what ``Feed`` and ``FeedItem`` promise."""
    if found.title:
        one_line(found.title, MAX_TITLE)
    address(found.link)
    assert len({item.guid for item in found.items}) == len(found.items), "two items of one id"
    for item in found.items:
        _item(item)


def _item(item: FeedItem) -> None:
    one_line(item.guid, MAX_URL)
    assert item.title or item.media_url or item.link, "an item that says nothing"
    if item.title:
        one_line(item.title, MAX_TITLE)
    stored(item.description, item.media_type, item.chapters_type)
    assert len(item.description) <= MAX_TEXT
    for url in (item.link, item.media_url, item.chapters_url, item.youtube_url):
        address(url)
    for each in item.transcripts:
        address(each.url)
        assert each.url
        stored(each.type, each.language, each.rel)
    assert item.published_at is None or item.published_at.utcoffset() is not None
    assert item.duration_s is None or 0 < item.duration_s <= MAX_SECONDS
    chapters(item.chapters)


def takeaways(found: ParsedDocument) -> None:
    """Hold what ``ParsedDocument`` promises, and that it can be stored whole."""
    draft: EpisodeDraft = found.draft
    one_line(draft.title, 10_000)
    stored(draft.show or "", draft.intro, draft.source_label)
    _link(draft.media.url, draft.media.key)
    assert draft.segments, "no segment"
    for segment in draft.segments:
        one_line(segment.title, 200_000)
        stored(segment.text, segment.link_url or "")
        for cell in segment.cells:
            stored(cell.replace("\t", " "))
        assert segment.end is None or segment.end > segment.at, f"{segment.at}–{segment.end}"
    for reference in draft.references:
        stored(*_texts(reference))
    draft.layout.encode()
    assert layout_from_json(draft.layout) is not None, "a layout that cannot be read back"
    lines = [repair.line for repair in found.repairs]
    assert lines == sorted(lines)
    for repair in found.repairs:
        one_line(repair.sentence, 500)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    fields = getattr(value, "__dataclass_fields__", {})
    return [text for name in fields for text in _texts(getattr(value, name))]


def _link(url: str, key: str) -> None:
    address(url)
    assert url
    stored(key)
    again = parse_link(url)
    assert again is not None, f"{url[:80]!r} cannot be read back"
    assert (again.media.key, again.media.url) == (key, url), f"{url[:80]!r} is read as another"


def link(found: MediaLink | None) -> None:
    """Hold that a link's recording is named by its own address, at any second."""
    if found is None:
        return
    _link(found.media.url, found.media.key)
    assert not (found.unread and found.at)
    if found.at is not None:
        again = parse_link(found.media.url_at(found.at))
        assert again is not None
        assert (again.media, again.at) == (found.media, found.at), "another second when read back"


def time(found: TimeQuery) -> None:
    """Hold what ``TimeQuery`` promises."""
    assert len(found.readings) <= 2
    assert found.readings or found.media, "neither a time nor a recording"
    assert len(found.ends) in {0, len(found.readings)}
    if found.ends:
        assert all(start <= end for start, end in zip(found.readings, found.ends, strict=True))
    assert len(set(zip(found.readings, found.ends or found.readings, strict=True))) == len(
        found.readings
    )


def line(found: PlainText | None) -> None:
    """Hold that a line names a command there is, with the options it has."""
    if found is None:
        return
    names = {option.name for option in COMMANDS_BY_NAME[found.command].options}
    assert set(found.args) <= names


def action(found: tuple[str, dict[str, str]]) -> None:
    """Hold that an action is one there is, with each of its arguments, or the unknown one."""
    name, args = found
    if name == UNKNOWN_ACTION:
        assert not args
        return
    assert tuple(args) == ACTIONS_BY_NAME[name].params


def query(found: SearchQuery) -> None:
    """Hold that a query is bounded, and asks for words only."""
    assert len(found.clauses) <= MAX_CLAUSES
    for clause in found.clauses:
        assert clause.alternatives
        assert clause.typed.strip(), "a clause of nothing"
        for phrase in clause.alternatives:
            assert 1 <= len(phrase) <= MAX_PHRASE
            for term in phrase:
                assert term.surface, "a term of nothing"
                assert term.stem, "a stem of nothing"
                assert not any(letter.isspace() for letter in term.surface + term.stem)
                stored(term.surface, term.stem)
