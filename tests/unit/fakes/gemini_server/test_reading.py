"""How the loopback Gemini reads a request's body."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.gemini_server.errors import Malformed
from tests.fakes.gemini_server.reading import read

SAID = [{"role": "user", "parts": [{"text": "Hello."}]}]
JSON = {"responseMimeType": "application/json"}


def config(**values: Any) -> dict[str, Any]:
    """Return a body with this generationConfig."""
    return {"contents": SAID, "generationConfig": values}


def test_body_in_either_spelling_with_names_or_numbers_reads_the_same() -> None:
    camel = {
        "contents": SAID,
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {
            **JSON,
            "maxOutputTokens": 5,
            "topK": 3,
            "responseSchema": {"type": "ARRAY", "maxItems": 3, "items": {"type": "STRING"}},
        },
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
    }
    snake = {
        "contents": SAID,
        "system_instruction": {"parts": [{"text": "Be brief."}]},
        "generation_config": {
            "response_mime_type": "application/json",
            "max_output_tokens": 5,
            "top_k": 3.0,
            "seed": None,
            "response_schema": {"type": 5, "max_items": "3", "items": {"type": 1}},
        },
        "safety_settings": [{"category": 7, "threshold": 4}],
    }
    assert read(camel) == read(snake) == camel


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "contents is not specified"),
        ({"contents": []}, "contents is not specified"),
        ({"contents": {}}, r"Invalid value at 'contents' \(repeated\)"),
        ({"contents": ["Hi."]}, r"Invalid value at 'contents\[0\]' \(message\)"),
        ({"contents": [{"parts": []}]}, "parts must not be empty"),
        ({"contents": [{"parts": [{}]}]}, "required oneof field"),
        ({"contents": [{"parts": [{"text": 5}]}]}, r"parts\[0\].text' \(TYPE_STRING\)"),
        ({"contents": [{"role": "system", "parts": [{"text": ""}]}]}, "valid role"),
        ({"contents": SAID, "systemInstruction": "Be brief."}, "systemInstruction"),
        ({"contents": SAID, "systemInstruction": {}}, "parts must not be empty"),
        ({"contents": SAID, "maxTokens": 5}, 'Unknown name "maxTokens": Cannot find field'),
        (config(max_outputTokens=5), "Unknown name .* at 'generationConfig'"),
        (config(topK=1, top_k=1), "set twice"),
        (config(maxOutputTokens=0), "maxOutputTokens: out of range"),
        (config(maxOutputTokens=1.5), "TYPE_INT32"),
        (config(maxOutputTokens=True), "TYPE_FLOAT"),
        (config(maxOutputTokens="many"), "TYPE_INT32"),
        (config(temperature=2.1), "temperature: out of range"),
        (config(temperature="hot"), "TYPE_FLOAT"),
        (config(candidateCount=2), "candidateCount: out of range"),
        (config(stopSequences=list("abcdef")), "at most 5"),
        (config(responseMimeType="text/html"), "allowed mimetypes"),
        (config(responseSchema={"type": "STRING"}), "must be JSON"),
        (config(**JSON, responseSchema={"type": "TEXT"}), "TYPE_ENUM"),
        (config(**JSON, responseSchema={"type": 99}), "TYPE_ENUM"),
        (config(**JSON, responseSchema={"properties": []}), "map"),
        (config(**JSON, responseSchema={}, responseJsonSchema={}), "only one"),
        (config(thinkingConfig={"includeThoughts": 1}), "TYPE_BOOL"),
        ({"contents": SAID, "safetySettings": [{"category": "RUDE"}]}, "TYPE_ENUM"),
    ],
)
def test_body_that_breaks_a_rule_is_refused_with_the_rule(body: Any, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        read(body)
