"""Turns every kind of reply into lines of text: pure, 80 columns unless told otherwise.

Everything that can be pressed is numbered in the order it is read; typing the number presses it.
"""

from __future__ import annotations

from typing import assert_never

from adapters.console.canvas import Canvas, Line, Page, Span, Style, one_line
from adapters.console.limits import WIDTH
from adapters.console.text import width
from adapters.contract import JsonObject
from bot.core.reply import (
    Button,
    Choice,
    EpisodeList,
    Example,
    MomentCard,
    MomentList,
    Notice,
    Reply,
    Tone,
)
from bot.core.wording import ELLIPSIS, shorten

_LABEL = 80
"""Characters of a button's label that stand before a neighbour's time."""

_COMMAND_COLUMN = 34
"""Widest command that has its meaning beside it rather than below, in columns."""


def render(reply: Reply) -> JsonObject:
    """Return ``{"text", "actions"}``: plain lines, and the encoded action of each number."""
    page = draw(reply, WIDTH)
    return {"text": page.plain(), "actions": [key.action for key in page.keys]}


def draw(reply: Reply, columns: int) -> Page:
    """Return a reply as styled lines of at most ``columns``, apart from links that are longer."""
    canvas = Canvas(columns)
    for remark in reply.remarks:
        canvas.write(remark, style=Style.FAINT)
    canvas.gap()
    match reply:
        case MomentCard():
            _card(canvas, reply)
        case MomentList():
            _moments(canvas, reply)
        case EpisodeList():
            _episodes(canvas, reply)
        case Choice():
            _choice(canvas, reply)
        case Notice():
            _notice(canvas, reply)
        case _:
            assert_never(reply)
    return canvas.page()


def _card(canvas: Canvas, card: MomentCard) -> None:
    moment = card.moment
    if card.shared_by:
        canvas.write(f"{card.shared_by} shared:", style=Style.FAINT)
    # Where the source's link disagrees, the card's remarks have said so in a sentence.
    canvas.write(str(moment.at), moment.title, moment.note, style=Style.STRONG)
    canvas.write(moment.episode.title, style=Style.FAINT)
    canvas.gap()
    cut = not card.complete and not card.text.rstrip().endswith(ELLIPSIS)
    canvas.write_text(card.text.rstrip() + (f" {ELLIPSIS}" if cut else ""))
    canvas.gap()
    if card.in_short:
        canvas.write(card.in_short.label, style=Style.STRONG)
        canvas.write_text(card.in_short.text)
        canvas.gap()
    if not any(button.url == moment.url for button in card.buttons):
        canvas.link(moment.url)
    _links(canvas, card.buttons)
    paging = f"page {card.page} of {card.pages}" if card.pages > 1 else None
    canvas.write(moment.source, paging, style=Style.FAINT)
    canvas.gap()
    _card_keys(canvas, card)


def _card_keys(canvas: Canvas, card: MomentCard) -> None:
    around = [("Previous", card.previous), ("Next", card.next)]
    beside = [(word, moment, moment.open) for word, moment in around if moment]
    # A button that opens a neighbour says no more than the neighbour's own line.
    labels = {each.action: each.label for each in card.buttons if each.action}
    named = [(labels.get(action, word), moment, action) for word, moment, action in beside]
    said = {(label, action) for label, _, action in named}
    _keys(canvas, tuple(each for each in card.buttons if (each.label, each.action) not in said))
    for label, moment, action in named:
        number = _number(canvas.key(action))
        name = f"{shorten(label, _LABEL)}: {moment.at}"
        canvas.write(name, moment.title, moment.note, prefix=number)


def _moments(canvas: Canvas, found: MomentList) -> None:
    canvas.write(found.heading, style=Style.STRONG)
    sources = sorted({moment.source for moment in found.moments})
    times = max((len(str(moment.at)) for moment in found.moments), default=0)
    digits = len(str(len(found.moments)))
    for group in found.groups:
        canvas.gap()
        canvas.write(group.episode.title, style=Style.FAINT)
        for moment in group.moments:
            number = _number(canvas.key(moment.open), digits)
            at = (Span(f"{moment.at!s:>{times}}", Style.STRONG), Span("  "))
            other = moment.link_at
            canvas.write(
                moment.title,
                moment.note,
                f"the source links to {other}" if other is not None else None,
                moment.source if len(sources) > 1 else None,
                prefix=(*number, *at),
            )
            canvas.link(moment.url, prefix=_blank(*number, *at))
    canvas.gap()
    if len(sources) == 1:
        canvas.write(sources[0], style=Style.FAINT)
    _buttons(canvas, found.buttons)


def _episodes(canvas: Canvas, found: EpisodeList) -> None:
    canvas.write(found.heading, style=Style.STRONG)
    digits = len(str(len(found.episodes)))
    for line in found.episodes:
        canvas.gap()
        number = _number(canvas.key(line.open), digits)
        canvas.write(line.episode.title, prefix=number)
        if line.show or line.detail:
            canvas.write(line.show, line.detail, style=Style.FAINT, prefix=_blank(*number))
        canvas.link(line.episode.url, prefix=_blank(*number))
    _buttons(canvas, found.buttons)


def _choice(canvas: Canvas, choice: Choice) -> None:
    canvas.write(choice.question, style=Style.STRONG)
    canvas.gap()
    digits = len(str(len(choice.options)))
    for option in choice.options:
        number = _number(canvas.key(option.action, choice.comment), digits)
        canvas.write(option.label, prefix=number)
        if option.detail:
            canvas.write(option.detail, style=Style.FAINT, prefix=_blank(*number))
    _buttons(canvas, choice.buttons)


def _notice(canvas: Canvas, notice: Notice) -> None:
    failed = Style.ERROR if notice.tone is Tone.ERROR else None
    if notice.title:
        canvas.write(notice.title, style=failed or Style.STRONG)
        canvas.gap()
    canvas.write_text(notice.text, failed or Style.PLAIN)
    canvas.gap()
    _examples(canvas, notice.examples)
    if notice.reference:
        canvas.gap()
        canvas.write(f"Reference: {notice.reference}", style=Style.FAINT)
    _buttons(canvas, notice.buttons)


def _examples(canvas: Canvas, examples: tuple[Example, ...]) -> None:
    widths = [width(one_line(example.command)) for example in examples]
    column = max((size for size in widths if size <= _COMMAND_COLUMN), default=0)
    for example, size in zip(examples, widths, strict=True):
        margin = Span("  ")
        if size <= _COMMAND_COLUMN:
            command = Span(one_line(example.command), Style.KEY)
            gap = Span(" " * (column - size + 2))
            canvas.write(example.meaning, prefix=(margin, command, gap))
        else:
            canvas.write(example.command, style=Style.KEY, prefix=(margin,))
            canvas.write(example.meaning, prefix=(Span(" " * (column + 4)),))


def _buttons(canvas: Canvas, buttons: tuple[Button, ...]) -> None:
    canvas.gap()
    _links(canvas, buttons)
    _keys(canvas, buttons)


def _links(canvas: Canvas, buttons: tuple[Button, ...]) -> None:
    for button in buttons:
        if button.url is not None:
            canvas.link(button.url, label=button.label)


def _keys(canvas: Canvas, buttons: tuple[Button, ...]) -> None:
    canvas.row([(canvas.key(each.action), each.label) for each in buttons if each.action])


def _number(number: int, digits: int = 1) -> Line:
    label = f"[{number}]"
    return Span(" " * (digits + 2 - len(label))), Span(label, Style.KEY), Span(" ")


def _blank(*spans: Span) -> Line:
    return (Span(" " * sum(width(span.text) for span in spans)),)
