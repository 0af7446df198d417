"""Turns a question that also asks for the person's own words into a form (a Discord modal)."""

from __future__ import annotations

from adapters.contract import JsonObject
from adapters.discord.body import Part
from adapters.discord.limits import FORM_LABEL, FORM_TITLE, SELECT_OPTIONS
from adapters.discord.markdown import escape
from adapters.discord.parts import option_part, text
from adapters.payload import listed
from adapters.text import fit, label, tidy, units
from bot.core.reply import Choice, Reply

FORM, ANSWER, COMMENT = "form", "answer", "comment"
"""The custom_ids of the form and its two fields; the answer's value is the encoded action."""

COMMENT_LENGTH = 500
"""Characters a person may type."""

PARAGRAPH = 2
"""Style of a text input of several lines."""

QUESTION = 1_000
"""Units of a question that is too long for the form's title."""


def form(reply: Reply) -> JsonObject | None:
    """Return the form of a choice that asks for a comment; None for any other reply."""
    if not isinstance(reply, Choice) or reply.comment is None:
        return None
    answers = {option.action.encode(): option_part(option) for option in reply.options}
    if not 1 <= len(answers) <= SELECT_OPTIONS:
        return None
    parts: list[JsonObject] = []
    question = tidy(reply.question)
    if units(question) > FORM_TITLE:
        parts.append(text(fit(question, QUESTION, escape)))
    answer: JsonObject = {
        "type": int(Part.SELECT),
        "custom_id": ANSWER,
        "options": listed(answers.values()),
        "required": True,
    }
    comment: JsonObject = {
        "type": int(Part.INPUT),
        "custom_id": COMMENT,
        "style": PARAGRAPH,
        "max_length": COMMENT_LENGTH,
        "required": False,
    }
    parts.append(_field("Choose one", answer))
    parts.append(_field(label(reply.comment, FORM_LABEL, "In your own words"), comment))
    return {
        "custom_id": FORM,
        "title": label(reply.question, FORM_TITLE, "A question"),
        "components": listed(parts),
    }


def _field(words: str, component: JsonObject) -> JsonObject:
    return {"type": int(Part.LABEL), "label": words, "component": component}
