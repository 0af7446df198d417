"""The console's own judge must see what a terminal would choke on."""

from __future__ import annotations

import pytest

from adapters.console.limits import violations


def body(text: str, *actions: str) -> dict:
    return {"text": text, "actions": list(actions)}


def test_body_that_a_terminal_can_show_has_no_violations():
    assert violations(body("a" * 80 + "\n" + "漢" * 40 + "\n[1] x", "1|related|1")) == []


@pytest.mark.parametrize(
    "line", ["a" * 81, "漢" * 41, "👍🏽" * 41, "see https://e.org/" + "p" * 80]
)
def test_line_wider_than_80_columns_is_found(line):
    assert violations(body(f"x\n{line}")) == ["line 2 is wider than 80 columns"]


def test_long_link_alone_on_its_line_is_allowed():
    assert violations(body("  https://example.org/" + "p" * 200)) == []


@pytest.mark.parametrize("char", ["\x1b", "\r", "\t", "\x07", "\x7f", "\x9b", "\u202e", "\u2067"])
def test_character_that_a_terminal_obeys_is_found(char):
    assert violations(body(f"a{char}b")) == ["line 1 holds a control character"]


def test_action_without_a_number_in_the_text_is_found():
    assert violations(body("[1] x", "1|related|1", "1|related|2")) == [
        "action 2 has no [2] in the text"
    ]


@pytest.mark.parametrize("wrong", [{}, {"text": 5, "actions": []}, {"text": "x"}])
def test_body_of_another_shape_is_refused(wrong):
    assert violations(wrong) == ["a body has a text and a list of actions"]
