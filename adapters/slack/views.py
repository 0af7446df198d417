"""Builds the modals: the search, forms, a result with its Share picker, and the wait between."""

from __future__ import annotations

from dataclasses import replace

from adapters.contract import JsonObject
from adapters.entry import field_label, form_fields, form_id, form_title
from adapters.payload import listed
from adapters.slack.limits import (
    INPUT_LABEL,
    INPUT_LENGTH,
    OPTION_TEXT,
    OPTION_VALUE,
    RADIO_OPTIONS,
    SELECT_OPTIONS,
    TEXT,
    VIEW_BLOCKS,
    VIEW_WORDS,
)
from adapters.slack.parts import (
    Room,
    option_part,
    plain_text,
    rich_text,
    rows,
    section,
    words_element,
)
from adapters.slack.place import Place
from adapters.slack.render import blocks_of
from adapters.text import fit, is_blank, label, plain, tidy, units
from bot.core.actions import Action
from bot.core.commands import COMMANDS_BY_NAME, CommandSpec, OptionSpec
from bot.core.reply import (
    Button,
    Choice,
    EpisodeList,
    MomentCard,
    MomentList,
    Notice,
    Option,
    Reply,
)

SEARCH, RESULT, FORM, SHARE, NOTICE, WAITING = (
    "search", "result", "form", "share", "notice", "waiting",
)  # fmt: skip
"""The callback ids of the views."""

WORDS, MOMENT, EPISODE, CHANNEL, ANSWER, COMMENT = (
    "words", "moment", "episode", "channel", "answer", "comment",
)  # fmt: skip
"""The inputs of the views: each the id of its block and of its element. The value of an answer
is the encoded action."""

FILE_TYPES = ("vtt", "srt", "json", "md", "txt", "xml")
"""What a file to read may end in: transcripts, chapters, notes and feeds."""

COMMENT_LENGTH = 500
"""Characters a person may type."""

LABEL = 150
"""Units of an input's label."""

SENTENCE = 300
"""Units of what is said beside an input."""


def search(place: Place, *, words: str = "", episode: str = "") -> JsonObject:
    """Return the search, filled in with what was typed so far."""
    longest = COMMANDS_BY_NAME["topic"].options[0].max_length
    typed: JsonObject = {"type": "plain_text_input", "max_length": longest, "focus_on_load": True}
    if words := fit(tidy(words), longest, plain):
        typed["initial_value"] = words
    return _view(
        SEARCH,
        "Find a moment",
        [
            _input(WORDS, "What to look for", typed, optional=True),
            _input(MOMENT, "Or pick one", _suggested("Type to see moments"), optional=True),
            _input(EPISODE, "Episode", _suggested("Any episode", episode), optional=True),
        ],
        place.metadata(),
        submit="Search",
    )


def entry(spec: CommandSpec, place: Place, *, with_file: bool = True) -> JsonObject:
    """Return the form of a command: a field for each of its options; its file may be left out."""
    stands = [Button("How things stand", Action(spec.standing))] if spec.standing else []
    below = rows(stands, Room())
    fields = form_fields(spec, VIEW_BLOCKS - len(below))
    return _view(
        form_id(spec),
        form_title(spec),
        [*(_field(option) for option in fields if with_file or not option.is_file), *below],
        place.metadata(),
        submit="Send",
    )


def _field(option: OptionSpec) -> JsonObject:
    element: JsonObject = {
        "type": "plain_text_input",
        "multiline": option.is_long,
        "max_length": min(option.max_length, INPUT_LENGTH),
    }
    if option.is_file:
        element = {"type": "file_input", "filetypes": [*FILE_TYPES], "max_files": 1}
    words = label(field_label(option), LABEL, option.name)
    hint = plain_text(label(option.description, INPUT_LABEL, option.name))
    return _input(option.name, words, element, optional=not option.required) | {"hint": hint}


def _suggested(placeholder: str, chosen: str = "") -> JsonObject:
    """Return a select whose options the bot is asked for; ``chosen`` is words or a value."""
    element: JsonObject = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain_text(placeholder),
    }
    chosen = tidy(chosen)
    if not is_blank(chosen) and units(chosen) <= OPTION_VALUE:
        element["initial_option"] = {
            "text": plain_text(label(chosen, OPTION_TEXT, "?")),
            "value": chosen,
        }
    return element


def result(reply: Reply, place: Place) -> JsonObject:
    """Return a reply as a view. Its Share becomes a picker of the channel to share with."""
    if isinstance(reply, Choice) and (asked := form(reply, place)):
        return asked
    shares = [one for one in reply.buttons if one.action and one.action.name == "share"]
    callback = NOTICE if isinstance(reply, Notice) else RESULT
    if not shares:
        return _view(callback, _title(reply), blocks_of(reply), place.metadata())
    share, kept = shares[0], tuple(one for one in reply.buttons if one is not shares[0])
    picker: JsonObject = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "placeholder": plain_text("Choose a channel"),
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            # Strangers read along there, and a card may be of the workspace's own episodes.
            "exclude_external_shared_channels": True,
        },
    }
    return _view(
        SHARE,
        _title(reply),
        [*blocks_of(replace(reply, buttons=kept)), _input(CHANNEL, "Share with", picker)],
        place.metadata(share.action.encode() if share.action else ""),
        submit="Share",
    )


def _title(reply: Reply) -> str:
    match reply:
        case MomentCard():
            return f"At {reply.moment.at}"
        case MomentList():
            return "Moments"
        case EpisodeList():
            return "Episodes"
        case Choice():
            return "A question"
        case Notice():
            return "Segue"


def form(reply: Reply, place: Place) -> JsonObject | None:
    """Return the form of a choice that asks for a comment; None for any other reply."""
    if not isinstance(reply, Choice) or reply.comment is None:
        return None
    answers = list({one.action.encode(): one for one in reply.options}.values())
    if not 1 <= len(answers) <= SELECT_OPTIONS:
        return None
    question = tidy(reply.question)
    fits = 0 < units(question) <= VIEW_WORDS
    asked = [] if fits else [section([plain_text(label(question, TEXT, "A question"))])]
    comment: JsonObject = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": COMMENT_LENGTH,
    }
    words = label(reply.comment, LABEL, "In your own words")
    return _view(
        FORM,
        question if fits else _title(reply),
        [
            *asked,
            _input(ANSWER, "Choose one", _answers(answers)),
            _input(COMMENT, words, comment, optional=True),
        ],
        place.metadata(),
        submit="Send",
    )


def _answers(options: list[Option]) -> JsonObject:
    few = len(options) <= RADIO_OPTIONS
    element: JsonObject = {
        "type": "radio_buttons" if few else "static_select",
        "options": listed(map(option_part, options)),
    }
    return element if few else element | {"placeholder": plain_text("Choose one")}


def waiting(external_id: str, place: Place, words: str) -> JsonObject:
    """Return the view that stands until there is an answer; it is updated by its external id."""
    blocks = rich_text([[words_element(words)]])
    return _view(WAITING, "Segue", blocks, place.metadata()) | {"external_id": external_id}


def errors(field: str, sentence: str) -> JsonObject:
    """Return the answer to a submission that lacks something: a sentence beside an input."""
    words = label(sentence, SENTENCE, "Please check this.")
    return {"response_action": "errors", "errors": {field: words}}


def _input(name: str, words: str, element: JsonObject, *, optional: bool = False) -> JsonObject:
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(words),
        "element": element | {"action_id": name},
        "optional": optional,
    }


def _view(
    callback: str, title: str, blocks: list[JsonObject], metadata: str, *, submit: str = ""
) -> JsonObject:
    view: JsonObject = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain_text(label(title, VIEW_WORDS, "Segue")),
        "close": plain_text("Close"),
        "blocks": listed(blocks),
    }
    return view | {"submit": plain_text(submit)} if submit else view
