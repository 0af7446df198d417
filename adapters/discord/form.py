"""Makes forms (Discord's modals): of a question that also asks for words, and of a command."""

from __future__ import annotations

from adapters.contract import JsonObject
from adapters.discord.body import Part
from adapters.discord.limits import (
    FORM_HINT,
    FORM_LABEL,
    FORM_PARTS,
    FORM_TITLE,
    INPUT_TEXT,
    SELECT_OPTIONS,
)
from adapters.discord.markdown import escape
from adapters.discord.parts import option_part, text
from adapters.entry import field_label, form_fields, form_id, form_title
from adapters.payload import listed
from adapters.text import fit, label, tidy, units
from bot.core.commands import CommandSpec, OptionSpec
from bot.core.reply import Choice, Reply

FORM, ANSWER, COMMENT = "form", "answer", "comment"
"""The custom_ids of the form and its two fields; the answer's value is the encoded action."""

COMMENT_LENGTH = 500
"""Characters a person may type."""

LINE, PARAGRAPH = 1, 2
"""Styles of a text input: of one line, of several."""

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


def entry_form(spec: CommandSpec) -> JsonObject:
    """Return the form of a command: a field for each of its options, as many as there may be."""
    return {
        "custom_id": form_id(spec),
        "title": label(form_title(spec), FORM_TITLE, spec.name),
        "components": listed(
            _field(
                label(field_label(option), FORM_LABEL, option.name),
                _upload(option) if option.is_file else _typed(option),
                label(option.description, FORM_HINT, option.name),
            )
            for option in form_fields(spec, FORM_PARTS)
        ),
    }


def _typed(option: OptionSpec) -> JsonObject:
    return {
        "type": int(Part.INPUT),
        "custom_id": option.name,
        "style": PARAGRAPH if option.is_long else LINE,
        "max_length": min(option.max_length, INPUT_TEXT),
        "required": option.required,
    }


def _upload(option: OptionSpec) -> JsonObject:
    # Discord reads ``min_values`` beside a field that need not be filled in, too.
    return {
        "type": int(Part.UPLOAD),
        "custom_id": option.name,
        "min_values": int(option.required),
        "max_values": 1,
        "required": option.required,
    }


def _field(words: str, component: JsonObject, hint: str = "") -> JsonObject:
    field: JsonObject = {"type": int(Part.LABEL), "label": words, "component": component}
    return field | {"description": hint} if hint else field
