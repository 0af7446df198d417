"""Hypothesis strategies that several suites share: documents of authors nobody has met."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

TakeawayRow = tuple[int, str, str]
"""A row as it must be read: second, title, details (paragraphs apart by a blank line)."""

TakeawayDocument = tuple[str, list[TakeawayRow], str]
"""Markdown, its rows in the order of the document, and the key of its recording."""

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789éßñøłžğ中文字日本語한국어אבגדעברית"
    "العربيةمرحبافارسی🎙🚀🧠😀’“”–…"
)
_WORDS = [
    "a | b", "R&D", "C++", "List<int>", "snake_case_name", "2 * 3", "**", "`x|y`", "[sic]",
    "&amp;", "<br>", "~~no~~", "\\", "מחשוב קוונטי", "الذكاء الاصطناعي", "👩🏽‍💻", "“quoted”",
    "https://example.org/a_b_c", "!important", "#459", "50%", "o3-mini", "&#39;", "<!-- x",
]  # fmt: skip

_HEADERS = {
    "time": ["Timestamp", "Time", "Start", "When", "TIMESTAMPS", "**Time**"],
    "title": ["Topic", "Title", "Subject", "Chapter", "Section"],
    "text": ["Details", "Summary", "Notes", "Description", "Key take-aways"],
    "extra": ["Speaker", "Guest", "Category", "Duration"],
}


@dataclass(frozen=True)
class _Style:
    """How an author draws the table."""

    columns: list[str]
    outer: bool
    linked: bool
    bold: bool
    breaks: str
    padding: str


def words(max_size: int = 8) -> st.SearchStrategy[str]:
    """Return one line of text with no space at its ends: any script, any markup."""
    word = st.one_of(
        st.sampled_from(_WORDS), st.text(_LETTERS + _PUNCTUATION, min_size=1, max_size=12)
    )
    return st.lists(word, min_size=1, max_size=max_size).map(" ".join)


@st.composite
def details(draw: st.DrawFn) -> str:
    """Return details of nothing to 5,000 characters, in one paragraph or several."""
    paragraphs = draw(st.lists(words(12), max_size=3))
    text = "\n\n".join(paragraphs)
    if text and draw(st.integers(0, 9)) == 0:
        text = " ".join([text] * (5_000 // (len(text) + 1) + 1))[:5_000].strip()
    return text


def video_ids() -> st.SearchStrategy[str]:
    """Return YouTube video ids; two words of its addresses that look like one are none."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ids = st.text(alphabet, min_size=11, max_size=11)
    return ids.filter(lambda ident: ident not in {"videoseries", "live_stream"})


def escaped(text: str, breaks: str = "<br><br>") -> str:
    """Return ``text`` as Markdown that shows it, in one line."""
    marked = "".join("\\" + char if char in _PUNCTUATION else char for char in text)
    return marked.replace("\n\n", breaks)


def clock(second: int) -> str:
    """Return a time as a label writes it."""
    hours, rest = divmod(second, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


@st.composite
def takeaway_documents(draw: st.DrawFn, *, max_rows: int = 300) -> TakeawayDocument:
    """Return a document of 1 to ``max_rows`` moments about some video, drawn somehow."""
    video = draw(video_ids())
    style = draw(_styles())
    rows = draw(_rows(max_rows))
    if not all(text for _, _, text in rows):
        # Without outer pipes an empty cell at the edge would be taken for one of them.
        style = replace(style, outer=True)
    if style.linked and draw(st.booleans()):
        rows = rows[::-1]
    address = draw(st.sampled_from(["https://youtu.be/{0}", "https://www.youtube.com/watch?v={0}"]))
    recording = address.format(video)
    lines = [f"# {escaped(draw(words()))}", ""]
    if draw(st.booleans()):
        lines += [escaped(draw(words(20))), ""]
    lines += _table(style, rows, recording, draw(st.integers(0, 7)))
    lines += ["", "## References", "", f"- [The recording]({recording})", ""]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines), rows, f"youtube:{video}"


@st.composite
def _styles(draw: st.DrawFn) -> _Style:
    columns = ["time", "title", "text"] + ["extra"] * draw(st.integers(0, 1))
    return _Style(
        columns=draw(st.permutations(columns)),
        outer=draw(st.booleans()),
        linked=draw(st.booleans()),
        bold=draw(st.booleans()),
        breaks=draw(st.sampled_from(["<br><br>", "<br/><br/>", "<BR >", " <br> <br> "])),
        padding=draw(st.sampled_from([" ", "  ", "\t", "\u00a0"])),
    )


@st.composite
def _rows(draw: st.DrawFn, max_rows: int) -> list[TakeawayRow]:
    # A few drawn rows stand for hundreds: what differs is the second and the number.
    models = draw(st.lists(st.tuples(words(), details()), min_size=1, max_size=6))
    count = draw(st.one_of(st.integers(1, min(8, max_rows)), st.integers(1, max_rows)))
    start, step = draw(st.integers(0, 4_000)), draw(st.integers(1, 400))
    return [
        (start + number * step, f"{title} {number}", text)
        for number in range(count)
        for title, text in [models[number % len(models)]]
    ]


def _table(style: _Style, rows: list[TakeawayRow], recording: str, gap: int) -> list[str]:
    head = [_HEADERS[column][gap % len(_HEADERS[column])] for column in style.columns]
    lines = [_drawn(style, head), _drawn(style, ["---"] * len(head))]
    for number, (second, title, text) in enumerate(rows):
        joint = "&" if "?" in recording else "?"
        label = clock(second)
        link = f"[{label}]({recording}{joint}t={second})"
        cells = {
            "time": link if style.linked else label,
            "title": f"**{escaped(title)}**" if style.bold else escaped(title),
            "text": escaped(text, style.breaks),
            "extra": "Ann",
        }
        line = _drawn(style, [cells[column] for column in style.columns])
        if style.outer and gap and number % gap == 1:
            # A pipe is missing here and there, as in documents that people mend by hand.
            line = line.removesuffix("|")
        lines.append(line)
    return lines


def _drawn(style: _Style, cells: list[str]) -> str:
    line = f"{style.padding}|{style.padding}".join(cells)
    return f"|{style.padding}{line}{style.padding}|" if style.outer else line
