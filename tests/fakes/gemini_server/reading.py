"""Reads a request's body as proto JSON is read: strictly, in both spellings, enums as ints too."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from tests.fakes.gemini_server.errors import Malformed

JSON = dict[str, Any]
Read = Callable[[Any, str], Any]

MIME_TYPES = ("text/plain", "application/json", "text/x.enum")


def read(body: Any) -> JSON:
    """Return the body of a generateContent, in camelCase and with names for enums."""
    if not isinstance(body, dict):
        raise Malformed("Invalid JSON payload received. The root must be an object.")
    found: JSON = _REQUEST(body, "")
    _check_contents(found)
    _check_config(found.get("generationConfig", {}))
    return found


# The rules beyond types.


def _check_contents(body: JSON) -> None:
    where = "* GenerateContentRequest.contents"
    if not body.get("contents"):
        raise Malformed(f"{where}: contents is not specified")
    for content in body["contents"]:
        if content.get("role", "user") not in ("user", "model"):
            raise Malformed("Please use a valid role: user, model.")
    for content in [*body["contents"], body.get("systemInstruction", {"parts": [{"text": ""}]})]:
        if not content.get("parts"):
            raise Malformed(f"{where}.parts: contents.parts must not be empty.")
        if not all("text" in part for part in content["parts"]):
            raise Malformed(f"{where}.parts.data: required oneof field 'data' must be set")


def _check_config(config: JSON) -> None:
    def within(name: str, least: float, most: float) -> None:
        if not least <= config.get(name, least) <= most:
            raise Malformed(f"* GenerateContentRequest.generation_config.{name}: out of range")

    within("maxOutputTokens", 1, 65_536)
    within("candidateCount", 1, 1)
    within("temperature", 0, 2)
    within("topP", 0, 1)
    mime = config.get("responseMimeType", "text/plain")
    schemas = {"responseSchema", "responseJsonSchema"} & set(config)
    if mime not in MIME_TYPES:
        raise Malformed(f"* response_mime_type: allowed mimetypes are {', '.join(MIME_TYPES)}.")
    if schemas and mime == "text/plain":
        raise Malformed("* response_mime_type: must be JSON when a response schema is set.")
    if len(schemas) > 1:
        raise Malformed("* response_schema and response_json_schema: only one may be set.")
    if len(config.get("stopSequences", [])) > 5:
        raise Malformed("* stop_sequences: at most 5 may be set.")


# The types.


def _wrong(where: str, kind: str, value: Any) -> Malformed:
    return Malformed(f"Invalid value at '{where}' ({kind}), {value!r}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, "TYPE_STRING", value)
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "TYPE_BOOL", value)
    return value


def _number(value: Any, where: str) -> float:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if not numeric or not math.isfinite(value):
        raise _wrong(where, "TYPE_FLOAT", value)
    return float(value)


def _whole(value: Any, where: str) -> int:
    """Return an integer; proto JSON allows 3.0, and text, as which it prints 64 bits."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    if isinstance(value, str) or not _number(value, where).is_integer():
        raise _wrong(where, "TYPE_INT32", value)
    return int(value)


def _anything(value: Any, where: str) -> Any:
    return value


def _enum(*names: str) -> Read:
    """Return what reads an enum by its name or its number, which is the name's place."""

    def take(value: Any, where: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value]
        if value not in names:
            raise _wrong(where, "TYPE_ENUM", value)
        return str(value)

    return take


def _every(kind: Read) -> Read:
    def take(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong(where, "repeated", value)
        return [kind(one, f"{where}[{at}]") for at, one in enumerate(value)]

    return take


def _named(kind: Read) -> Read:
    def take(value: Any, where: str) -> JSON:
        if not isinstance(value, dict):
            raise _wrong(where, "map", value)
        return {name: kind(one, f"{where}.{name}") for name, one in value.items()}

    return take


def _message(**fields: Read) -> Read:
    """Return what reads a message; the fields are named as in the proto."""
    kinds = {_camel(name): kind for name, kind in fields.items()}
    spelled = {name: _camel(name) for name in fields} | {name: name for name in kinds}

    def take(value: Any, where: str) -> JSON:
        if not isinstance(value, dict):
            raise _wrong(where, "message", value)
        found: JSON = {}
        for name, one in value.items():
            if name not in spelled:
                at = f" at '{where}'" if where else ""
                told = f'Unknown name "{name}"{at}: Cannot find field.'
                raise Malformed(f"Invalid JSON payload received. {told}")
            if spelled[name] in found:
                raise Malformed(f"Invalid JSON payload received. '{where}.{name}' is set twice.")
            if one is not None:  # as if it were not set
                at = f"{where}.{name}".lstrip(".")
                found[spelled[name]] = kinds[spelled[name]](one, at)
        return found

    return take


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


# The messages, as far as a bot that sends and gets text may use them.


def _schema(value: Any, where: str) -> Any:
    return _SCHEMA(value, where)


_TYPES = "TYPE_UNSPECIFIED STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL".split()
_SCHEMA = _message(
    type=_enum(*_TYPES),
    format=_text,
    title=_text,
    description=_text,
    nullable=_flag,
    enum=_every(_text),
    items=_schema,
    properties=_named(_schema),
    required=_every(_text),
    property_ordering=_every(_text),
    any_of=_every(_schema),
    min_items=_whole,
    max_items=_whole,
    min_length=_whole,
    max_length=_whole,
    minimum=_number,
    maximum=_number,
    pattern=_text,
    default=_anything,
    example=_anything,
)
_THINKING = _message(
    include_thoughts=_flag,
    thinking_budget=_whole,
    thinking_level=_enum("THINKING_LEVEL_UNSPECIFIED", *"MINIMAL LOW MEDIUM HIGH XHIGH".split()),
)
_CONFIG = _message(
    candidate_count=_whole,
    stop_sequences=_every(_text),
    max_output_tokens=_whole,
    temperature=_number,
    top_p=_number,
    top_k=_whole,
    seed=_whole,
    presence_penalty=_number,
    frequency_penalty=_number,
    response_mime_type=_text,
    response_schema=_schema,
    response_json_schema=_anything,
    thinking_config=_THINKING,
)
_HARMS = """
UNSPECIFIED DEROGATORY TOXICITY VIOLENCE SEXUAL MEDICAL DANGEROUS HARASSMENT HATE_SPEECH
SEXUALLY_EXPLICIT DANGEROUS_CONTENT CIVIC_INTEGRITY
""".split()
_THRESHOLDS = """
HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH
BLOCK_NONE OFF
""".split()
_CONTENT = _message(role=_text, parts=_every(_message(text=_text)))
_REQUEST = _message(
    contents=_every(_CONTENT),
    system_instruction=_CONTENT,
    generation_config=_CONFIG,
    safety_settings=_every(
        _message(
            category=_enum(*(f"HARM_CATEGORY_{name}" for name in _HARMS)),
            threshold=_enum(*_THRESHOLDS),
        )
    ),
)
