"""MATCH expressions of quoted stems, each with the scope it is found in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.query import Clause


def any_of(clauses: Iterable[Clause]) -> str:
    """Return the MATCH expression for passages of one scope that hold any of the clauses.

    ``@`` stands for the scope's id; no term has one. Every phrase is quoted, so nothing that a
    person types is an operator.
    """
    phrases = [
        " @:".join([term.stem for term in phrase])
        for clause in clauses
        for phrase in clause.alternatives
    ]
    return " OR ".join(['"@:' + phrase.replace('"', '""') + '"' for phrase in phrases])


def in_scopes(expression: str, marks: Sequence[str]) -> str:
    """Return the expression for passages of any of the scopes: this is the tenant's fence."""
    return " OR ".join([expression.replace("@", mark) for mark in marks])
