"""Blocks to build tests from: each as Slack takes it, with what a test wants changed."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "x", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "x", **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: Any = None, **more: Any) -> Json:
    return {"type": "section", "text": text or mrkdwn(), **more}


def fields(*texts: Json) -> Json:
    return {"type": "section", "fields": list(texts)}


def header(text: str = "x") -> Json:
    return {"type": "header", "text": plain(text)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def button(action_id: str = "act:0", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": "v", **more}


def link_button(url: str = "https://x.y", **more: Any) -> Json:
    return {
        "type": "button",
        "action_id": "open:0",
        "text": plain("Open"),
        "url": url,
        **more,
    }


def option(value: str = "1", text: str = "One", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number), str(number)) for number in range(count)]


def group(*inside: Json, label: str = "g") -> Json:
    return {"label": plain(label), "options": list(inside)}


def select(kind: str = "static_select", **more: Any) -> Json:
    element = {"type": kind, "action_id": "choose:0", "placeholder": plain("Pick"), **more}
    if kind == "static_select" and not {"options", "option_groups"} & more.keys():
        element["options"] = [option()]
    return element


def choice(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "choose:1", "options": [option()], **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def upload(**more: Any) -> Json:
    return {"type": "file_input", "action_id": "file", **more}


def input_block(element: Any = None, **more: Any) -> Json:
    return {"type": "input", "label": plain("Words"), "element": element or typed(), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a picture", **more}


def confirm(**more: Any) -> Json:
    return {
        "title": plain("Sure?"),
        "text": plain("It stays."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **more,
    }


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*elements: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": kind, "elements": list(elements), **more}


def bullets(*lines: Json, **more: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines), **more}


def said(text: str = "x", **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def linked(url: str = "https://x.y", **more: Any) -> Json:
    return {"type": "link", "url": url, **more}


def markdown(text: str = "x") -> Json:
    return {"type": "markdown", "text": text}


def view(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Segue"), "blocks": list(blocks or [section()]), **more}


GOOD: dict[str, list[Json]] = {
    "longest section": [section(mrkdwn("é" * 3000))],
    "plain section": [section(plain("x", emoji=False), expand=True, block_id="b" * 255)],
    "verbatim section": [section(mrkdwn("x", verbatim=True))],
    "ten fields": [fields(*[mrkdwn("x" * 2000) for _ in range(10)])],
    "text and fields": [section(fields=[plain()])],
    "button beside a section": [section(accessory=button())],
    "image beside a section": [section(accessory=image())],
    "select beside a section": [section(accessory=select())],
    "longest header": [header("x" * 150)],
    "ten in a context": [context(*[mrkdwn() for _ in range(8)], plain(), image())],
    "25 buttons": [actions(*[button(f"act:{number}") for number in range(25)])],
    "button at its limits": [
        actions(
            button(
                "a" * 255,
                text=plain("x" * 75, emoji=False),
                value="v" * 2000,
                style="danger",
                accessibility_label="x" * 75,
                confirm=confirm(style="primary"),
            )
        )
    ],
    "longest address": [actions(link_button("https://x.y/" + "a" * 2988))],
    "divider": [section(), {"type": "divider", "block_id": "d"}],
    "image": [image(title=plain("x" * 2000))],
    "image that is a file": [
        {"type": "image", "slack_file": {"id": "F0001"}, "alt_text": "x" * 2000}
    ],
    "100 options": [actions(select(options=options(100), initial_option=options(100)[99]))],
    "longest option": [
        actions(select(options=[option("v" * 150, "x" * 75, description=plain("x" * 75))]))
    ],
    "option groups": [
        actions(select(option_groups=[group(option("1")), group(option("2"))])),
    ],
    "external select": [actions(select("external_select", min_query_length=0))],
    "conversations select": [
        actions(
            select(
                "conversations_select",
                filter={"include": ["public", "private"], "exclude_bot_users": True},
            )
        )
    ],
    "overflow": [
        section(
            accessory=choice("overflow", options=[option(str(n), url="https://x.y") for n in "123"])
        )
    ],
    "radio buttons": [
        actions(
            choice(
                "radio_buttons",
                options=[{"text": mrkdwn("*1*"), "value": "1", "description": mrkdwn()}],
                initial_option={"text": mrkdwn("*1*"), "value": "1", "description": mrkdwn()},
            )
        )
    ],
    "checkboxes": [actions(choice("checkboxes", options=options(10), initial_options=options(2)))],
    "rich text": [
        rich(
            line(
                said("a ", style={"bold": True, "italic": False}),
                linked(text="b", style={"code": True}),
                {"type": "emoji", "name": "wave", "skin_tone": 2},
            ),
            bullets(line(said(" ")), line(linked()), indent=8, border=1),
            bullets(line(said()), style="ordered", offset=4),
            line(said(), kind="rich_text_quote", border=0),
            line(said("x\n\ty"), linked(), kind="rich_text_preformatted"),
        )
    ],
    "fifty blocks": [section() for _ in range(50)],
}
IN_MESSAGES = {"markdown": [markdown("x" * 6000), markdown("y" * 6000)]}
IN_MODALS = {
    "hundred blocks": [section() for _ in range(100)],
    "text input": [
        input_block(
            typed(
                placeholder=plain("p" * 150),
                initial_value="i" * 3000,
                multiline=True,
                min_length=0,
                max_length=3000,
                dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]},
                focus_on_load=True,
            ),
            label=plain("l" * 2000),
            hint=plain("h" * 2000),
            optional=True,
            dispatch_action=True,
        )
    ],
    "select in an input": [input_block(select())],
    "external select in an input": [input_block(select("external_select"))],
    "conversations select in an input": [
        input_block(
            select(
                "conversations_select",
                response_url_enabled=True,
                default_to_current_conversation=True,
                initial_conversation="C0001",
            )
        )
    ],
    "radio buttons in an input": [input_block(choice("radio_buttons"))],
    "checkboxes in an input": [input_block(choice("checkboxes"))],
    "file in an input": [input_block(upload(filetypes=["vtt", "srt"], max_files=10))],
    "any file in an input": [input_block(upload(), optional=True)],
}
