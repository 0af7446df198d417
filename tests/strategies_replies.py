"""Hypothesis strategies for replies of every kind, with every field, in text meant to do harm."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.core.actions import Action
from bot.core.commands import ACTIONS
from bot.core.reply import (
    Audience,
    Button,
    Choice,
    EpisodeLine,
    EpisodeList,
    EpisodeRef,
    Example,
    InShort,
    MomentCard,
    MomentGroup,
    MomentLine,
    MomentList,
    Notice,
    Option,
    Reading,
    Reply,
    Spelling,
    Tone,
)
from bot.core.timecode import MAX_SECONDS, Timecode

HOSTILE = [
    "", " ", "\n\n", "\t", "\u200b", "\u200d\u200c", "\ufeff", "\x00\x07\x1b[31m", "\ud800",
    "@everyone", "@here hello", "<@123456789012345678>", "<@!1>", "<@&42>", "<#42>",
    "</topic:42>", "<t:1700000000:R>", "<:smile:42>", "<a:wave:42>", "<id:customize>",
    "<!channel>", "<!here|here>", "<https://evil.example|click>", "&lt;&amp;&gt;",
    "[click](https://evil.example)", "](https://evil.example)", "[a](javascript:alert(1))",
    "[[", "]]",
    "**bold**", "*", "**", "***", "__", "_a_", "~~x~~", "||spoiler||", "|", "`", "``", "```",
    "```\ncode\n```",
    "# head", "## head", "### head", "-# small", "> quote", ">>> quote", "- item", "+ item",
    "* item",
    "1. one", "12) two", "\\", "\\\\", "\\*", "a\\", "¯\\_(ツ)_/¯", "https://evil.example/a_b_(c)",
    "http://evil.example", "discord.gg/abc", "www.evil.example", "mailto:a@b.example",
    "\u202eevil\u202c", "\u2067x\u2069", "שלום עולם", "مرحبا بالعالم", "👩🏽‍💻", "😀", "🎙️",
    "#️⃣", "e\u0301",
    "कृत्रिम", "日本語のタイトル", "R&D", "C++", "snake_case_name", "2 * 3 * 4", "KV Cache", "#459",
    "a\nb", "a\r\nb", "a\u2028b", "a\n\n\n\n\nb",
    "line one\n# not a head\n- not a list\n1. not one",
    "“quoted”", "50%", "o3-mini", "1|moment|2", "A title | Show #459", "https://", "://",
    "@", "<", ">",
]  # fmt: skip

LONG = [
    ("*", 5_000), ("\\", 5_000), ("[", 5_000), ("`", 5_000), ("@everyone ", 600), ("<@1>", 1_500),
    ("word ", 1_500), ("😀", 3_000), ("x", 6_000), ("a\n", 3_000),
    ("\u200b", 30_000), ("||", 2_500),
    ("**a** ", 900), ("https://evil.example/ ", 300), ("日本語", 2_000), ("1. a\n", 1_200),
]  # fmt: skip


def hostile_text() -> st.SearchStrategy[str]:
    """Return texts of any script, length and intent."""
    atom = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
    return st.one_of(
        st.lists(atom, min_size=1, max_size=6).map(" ".join),
        st.lists(atom, min_size=1, max_size=6).map("".join),
        st.sampled_from(LONG).map(lambda unit_and_count: unit_and_count[0] * unit_and_count[1]),
    )


def titles() -> st.SearchStrategy[str]:
    """Return titles: anything with something to see in it."""
    fillers = "\u115f\u1160\u3164\uffa0"  # letters that leave no ink
    return hostile_text().filter(
        lambda text: any(char.isalnum() and char not in fillers for char in text[:1_000])
    )


def urls() -> st.SearchStrategy[str]:
    """Return http(s) links as the catalog keeps them, a few longer than a button may open."""
    ident = st.text("abcdefghijkXYZ0123456789-_", min_size=11, max_size=11)
    second = st.integers(0, MAX_SECONDS)
    tail = st.sampled_from(
        ["", "?a=1&b=2", "_x_(y)", "%28", "/a*b~c", "?q=" + "z" * 700, "/@everyone"]
    )
    return st.one_of(
        st.builds("https://youtu.be/{}?t={}".format, ident, second),
        st.builds("http://media.example/{}{}#t={}".format, ident, tail, second),
    )


def actions() -> st.SearchStrategy[Action]:
    """Return actions of every name that can be encoded."""
    word = st.text("abc0123456789", min_size=1, max_size=8)
    last = st.one_of(word, st.sampled_from(["", "=kv cache", "=a|b", "~t0k3n", "=“x”", "=😀"]))

    def of(name: str, count: int) -> st.SearchStrategy[Action]:
        args = st.tuples(*[word] * (count - 1), last) if count else st.just(())
        return args.map(lambda values: Action(name, values))

    return st.one_of([of(spec.name, len(spec.params)) for spec in ACTIONS])


def buttons(max_size: int = 8) -> st.SearchStrategy[tuple[Button, ...]]:
    """Return buttons; links among them open one address."""
    pressed = st.builds(Button, hostile_text(), action=actions())
    opened = st.builds(Button, hostile_text(), url=urls())
    return (
        st.lists(st.one_of(pressed, pressed, opened), max_size=max_size)
        .map(tuple)
        .filter(lambda made: sum(len(one.url or "") > 500 for one in made) <= 1)
    )


def timecodes() -> st.SearchStrategy[Timecode]:
    """Return media offsets."""
    return st.integers(0, MAX_SECONDS).map(Timecode)


def episode_refs() -> st.SearchStrategy[EpisodeRef]:
    """Return episodes as replies name them."""
    return st.builds(EpisodeRef, st.integers(1, 10**9), titles(), hostile_text(), urls())


def moment_lines() -> st.SearchStrategy[MomentLine]:
    """Return moments on a line."""
    return st.builds(
        MomentLine,
        st.none() | st.integers(1, 10**9),
        timecodes(),
        titles(),
        urls(),
        episode_refs(),
        hostile_text(),
        link_at=st.none() | timecodes(),
        note=st.none() | hostile_text(),
    )


def _base() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "audience": st.sampled_from(Audience),
        "remarks": st.lists(hostile_text(), max_size=4).map(tuple),
        "buttons": buttons(),
        "correction": st.none() | st.builds(Spelling, hostile_text(), hostile_text()),
        "reading": st.none()
        | st.builds(Reading, hostile_text(), timecodes(), st.none() | timecodes()),
    }


def moment_cards() -> st.SearchStrategy[MomentCard]:
    """Return cards."""
    return st.builds(
        MomentCard,
        moment=moment_lines(),
        text=hostile_text(),
        complete=st.booleans(),
        page=st.integers(1, 3),
        pages=st.integers(1, 3),
        previous=st.none() | moment_lines(),
        next=st.none() | moment_lines(),
        shared_by=st.none() | hostile_text(),
        in_short=st.none() | st.builds(InShort, hostile_text(), hostile_text()),
        **_base(),
    )


def moment_lists(most: int = 6) -> st.SearchStrategy[MomentList]:
    """Return lists of up to four episodes with ``most`` moments each."""
    group = st.builds(
        MomentGroup,
        episode=episode_refs(),
        moments=st.lists(moment_lines(), min_size=1, max_size=most).map(tuple),
    )
    return st.builds(
        MomentList,
        heading=titles(),
        groups=st.lists(group, max_size=4).map(tuple),
        **_base(),
    )


def episode_lists() -> st.SearchStrategy[EpisodeList]:
    """Return lists of episodes."""
    line = st.builds(
        EpisodeLine,
        episode=episode_refs(),
        show=st.none() | hostile_text(),
        detail=hostile_text(),
        open=actions(),
    )
    return st.builds(
        EpisodeList,
        heading=titles(),
        episodes=st.lists(line, max_size=12).map(tuple),
        **_base(),
    )


def choices() -> st.SearchStrategy[Choice]:
    """Return questions with up to 25 answers."""
    option = st.builds(Option, titles(), actions(), st.just("") | hostile_text())
    return st.builds(
        Choice,
        question=titles(),
        options=st.lists(option, max_size=25, unique_by=lambda one: one.action).map(tuple),
        comment=st.none() | hostile_text(),
        **_base(),
    )


def notices() -> st.SearchStrategy[Notice]:
    """Return notices, help screens and errors."""
    return st.builds(
        Notice,
        text=titles(),
        title=st.none() | titles(),
        examples=st.lists(st.builds(Example, titles(), titles()), max_size=6).map(tuple),
        tone=st.sampled_from(Tone),
        reference=st.none() | st.text("0123456789abcdef", min_size=8, max_size=8),
        **_base(),
    )


def replies() -> st.SearchStrategy[Reply]:
    """Return replies of every kind."""
    return st.one_of(moment_cards(), moment_lists(), episode_lists(), choices(), notices())
