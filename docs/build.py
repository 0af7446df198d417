"""``make docs``: writes the pages that are made from the code, so that they cannot drift.

``tests/unit/test_docs.py`` fails when a page differs from what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.config import records
from bot.core import errors
from bot.core.commands import ACTIONS, COMMANDS, CommandSpec
from bot.core.errors import SegueError

FOLDER = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; edit the code it is made from. -->\n\n"


def commands_page() -> str:
    """Return docs/commands.md, from the declared commands and actions."""
    sections = "\n".join(_command(spec) for spec in COMMANDS)
    actions = "\n".join(
        f"| `{spec.name}` | {', '.join(spec.params)} | {spec.meaning} |" for spec in ACTIONS
    )
    return (
        f"# Commands\n\n{NOTE}"
        "On Discord each option is a field. In the console, and wherever a line is typed, the "
        "first option takes the whole line and a trailing `in:<words>` names the episode.\n\n"
        f"{sections}\n"
        "## Actions\n\nWhat buttons carry: a name and ids, so that they outlive a restart.\n\n"
        f"| action | carries | does |\n|---|---|---|\n{actions}\n"
    )


def _command(spec: CommandSpec) -> str:
    lines = [f"## /{spec.name}\n", f"{spec.description}.\n"]
    if spec.options:
        lines.append("| option | required | what |\n|---|---|---|")
        lines += [
            f"| `{option.name}` | {'yes' if option.required else 'no'} | {option.description} |"
            for option in spec.options
        ]
        lines.append("")
    lines += [f"    {example}" for example in spec.examples]
    return "\n".join(lines) + "\n"


def configuration_page() -> str:
    """Return docs/configuration.md, from the settings' records."""
    rows = "\n".join(
        f"| `{record.key}` | {_default(record.default)} | {_variables(record.variable, record.env)}"
        f" | {record.help} |"
        for record in records()
    )
    return (
        f"# Configuration\n\n{NOTE}"
        "The strongest first: `--set section.name=value` · `SEGUE_<SECTION>__<NAME>` · the "
        "conventional variable · `config.toml` · the default. Secrets come from the environment "
        "only; a secret in the file is refused, and none is ever logged.\n\n"
        f"| setting | default | variables | what |\n|---|---|---|---|\n{rows}\n"
    )


def _default(value: object) -> str:
    return f"`{value}`" if value != "" else "empty"


def _variables(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names if name)


def errors_page() -> str:
    """Return docs/errors.md, from the error classes."""
    rows = "\n".join(f"| `{kind.__name__}` | {kind().sentence} |" for kind in _kinds(SegueError))
    return (
        f"# Errors\n\n{NOTE}"
        "What a person sees when something cannot be done. A fault of ours also shows a short "
        "reference, and the same reference stands in the log beside the details.\n\n"
        f"| error | sentence, unless a more exact one fits |\n|---|---|\n{rows}\n\n"
        f"```\n{(errors.__doc__ or '').split(chr(10), 2)[2].strip()}\n```\n"
    )


def _kinds(kind: type[SegueError]) -> Iterator[type[SegueError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


PAGES = {
    "commands.md": commands_page,
    "configuration.md": configuration_page,
    "errors.md": errors_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
