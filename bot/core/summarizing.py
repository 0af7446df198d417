"""What shortens a note, what that costs, and what is kept of it: values and ports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.catalog import Tenant

SUMMARY_LEASE = timedelta(seconds=30)
"""How long one process has to have a note shortened, before another may; longer than it waits."""


@dataclass(frozen=True, slots=True)
class Source:
    """One note as it is shortened: nothing else is known to whoever does it."""

    title: str
    text: str

    @property
    def whole(self) -> str:
        """Return all its words."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Written:
    """What a summarizer wrote: untrusted text, and the tokens it took."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class NotWritten(Exception):
    """Nothing was written; the text is for the log.

    ``lasting`` is whether the same note would fail again, ``paid`` whether it may have cost,
    ``asked`` whether anybody was asked at all.
    """

    def __init__(
        self, why: str, *, lasting: bool = False, paid: bool = False, asked: bool = True
    ) -> None:
        super().__init__(why)
        self.lasting = lasting
        self.paid = paid
        self.asked = asked


class Summarizer(Protocol):
    """Shortens a note in its own language.

    ``label`` tells people where the words come from. ``identity`` is all but the note that
    decides what is written: the model and the wording it is asked with. What is ``at_once`` is
    free and immediate: its words are not kept. ``outcomes`` counts calls by what came of them,
    ``tokens`` what they took.
    """

    label: str
    identity: str
    at_once: bool
    outcomes: Counter[str]
    tokens: Counter[str]

    async def summarize(self, source: Source, *, within_s: float) -> Written:
        """Return a note shortened; raise NotWritten, and nothing else but CancelledError."""

    async def check(self) -> str:
        """Return what stands ready, a sentence for the operator.

        Raise ConfigError for what is missing or refused, NotWritten where nobody answers.
        """

    async def close(self) -> None:
        """Let go of connections."""


class Verdict(StrEnum):
    """Whether a note may be given to a summarizer now."""

    ASK = "ask"
    THERE = "there"
    WAIT = "wait"
    RESTING = "resting"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to who wants a note shortened.

    ASK: it is yours to do. THERE: ``text`` was paid for before. WAIT: another is at it. RESTING:
    it failed lately. SPENT: the payer's budget of the day is used up.
    """

    verdict: Verdict
    text: str = ""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a day took: notes given to a model, how many came to nothing, and tokens."""

    calls: int = 0
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A note that somebody wants shortened.

    ``key`` is a digest of the note and of all else that decides what is written. ``payer`` is
    the tenant that asks, ``day`` a UTC day, ``budget`` the calls of a day; 0 is no limit.
    """

    key: str
    segment_id: int
    payer: Tenant
    day: date
    budget: int


class Summaries(Protocol):
    """Shortened notes, each paid for once, and what each tenant used of its day's budget.

    ``tenant`` is whose text it is. What is kept goes with its segment.
    """

    async def look_up_summary(self, tenant: Tenant, wanted: Wanted, now: datetime) -> Claim:
        """Return what ``claim_summary`` would, and claim nothing."""

    async def claim_summary(
        self, tenant: Tenant, wanted: Wanted, *, owner: str, now: datetime
    ) -> Claim:
        """Claim a note for SUMMARY_LEASE, and count it against the payer's budget."""

    async def keep_summary(self, tenant: Tenant, wanted: Wanted, text: str, use: ModelUse) -> None:
        """Keep a text that was paid for, whoever claims it by now; its call is counted already."""

    async def give_up_summary(
        self,
        tenant: Tenant,
        wanted: Wanted,
        *,
        owner: str,
        rests_until: datetime,
        paid: bool,
        use: ModelUse,
    ) -> None:
        """Note that nothing came of a claim; what was not ``paid`` goes back to the budget."""

    async def model_use(self, day: date) -> ModelUse:
        """Return what all tenants took of a day, for the operator."""
