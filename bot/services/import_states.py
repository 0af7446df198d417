"""How imports stand, and the buttons that bring them on: yes, cancel, try again."""

from __future__ import annotations

from bot.core.actions import Action
from bot.core.commands import Invocation
from bot.core.errors import NotAllowed, NotFound
from bot.core.jobs import Job, JobState
from bot.core.reply import Button, Notice, Reply, Tone
from bot.core.wording import shorten
from bot.services.episodes import number
from bot.services.registry import Ports, answers

LISTED = 8
"""Jobs listed: a screen of them."""

MOST_BUTTONS = 4

STANDS = Button("How it stands", Action("imports"))

GONE = "That is not waiting here any more. Ask again with /add."
NOTHING = "Nothing was added here yet. A link, a file or a pasted list of chapters: /add https://…"

_WORDS = {
    JobState.PROPOSED: "waits for a yes",
    JobState.QUEUED: "waits",
    JobState.RUNNING: "is being added",
    JobState.DONE: "added",
    JobState.PARKED: "given up",
    JobState.CANCELLED: "called off; nothing of it was added",
}


@answers("imports")
async def imports(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that says how imports stand."""
    _check_admin(invocation)
    return await standing(ports, invocation)


@answers("import")
async def confirm(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that says yes to a proposal; pressed twice, it is one import."""
    job_id, tell = _named(invocation), invocation.args["how"] == "tell"
    # Where nobody is to be told, no message tells the channel either.
    channel = invocation.channel if tell else ""
    confirmed = await ports.store.confirm_job(
        invocation.tenant,
        job_id,
        tell=tell,
        channel=channel,
        asked_by=invocation.user.id,
        now=ports.clock.now(),
    )
    job = await ports.store.job(invocation.tenant, job_id)
    if job is None:
        raise NotFound(GONE)
    if confirmed:
        ports.work.set()
    return in_hand(job)


@answers("cancel")
async def cancel(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that calls an import off."""
    job_id = _named(invocation)
    job = await ports.store.cancel_job(invocation.tenant, job_id, now=ports.clock.now())
    if job is None:
        raise NotFound(GONE)
    ports.work.set()
    if job.state is JobState.RUNNING:
        return Notice(
            text=f"{quoted(job)} is being added just now. It stops at its next step, and then "
            "nothing of it is kept; if it was stored already, it stays.",
            buttons=(STANDS,),
        )
    return Notice(text=described(job))


@answers("retry")
async def retry(ports: Ports, invocation: Invocation) -> Reply:
    """Answer the button that has an import tried again that was given up."""
    job_id = _named(invocation)
    again = await ports.store.retry_job(invocation.tenant, job_id, now=ports.clock.now())
    job = await ports.store.job(invocation.tenant, job_id)
    if job is None:
        raise NotFound(GONE)
    if again:
        ports.work.set()
    return in_hand(job)


def _check_admin(invocation: Invocation) -> None:
    if not invocation.user.is_admin:
        raise NotAllowed


def _named(invocation: Invocation) -> int:
    """Return the job that a button names; only an admin may press any."""
    _check_admin(invocation)
    return number(invocation.args["job"])


def quoted(job: Job) -> str:
    """Return what a job is called in a sentence."""
    return f"“{shorten(job.title, 120)}”"


def described(job: Job) -> str:
    """Return how a job stands, a sentence."""
    said = f"{quoted(job)}: {_WORDS[job.state]}"
    if job.state is JobState.CANCELLED and job.reason:
        return f"{quoted(job)}: called off. {job.reason}"
    if job.state is JobState.QUEUED and job.attempts:
        return f"{said}, to be tried again. {job.reason}".strip()
    if job.reason:
        return f"{said}. {job.reason}"
    return f"{said}."


def in_hand(job: Job) -> Notice:
    """Return what to say of a job that somebody said yes to."""
    if job.state not in {JobState.QUEUED, JobState.RUNNING}:
        return Notice(text=described(job), buttons=(STANDS,))
    told = "the next digest tells of it" if job.tell else "no digest tells of it"
    return Notice(
        text=f"{quoted(job)} is being added; {told}.",
        buttons=(STANDS, Button("Cancel", Action("cancel", (str(job.id),)))),
    )


async def standing(ports: Ports, invocation: Invocation) -> Notice:
    """Return how a tenant's last imports stand."""
    jobs = await ports.store.jobs(invocation.tenant, LISTED)
    if not jobs:
        return Notice(text=NOTHING, tone=Tone.EMPTY)
    buttons = [button for job in jobs if (button := _button(job)) is not None]
    return Notice(
        title="Imports",
        text="\n".join(map(described, jobs)),
        buttons=tuple(buttons[:MOST_BUTTONS]),
    )


def _button(job: Job) -> Button | None:
    ident, name = (str(job.id),), shorten(job.title, 40)
    match job.state:
        case JobState.PARKED:
            return Button(f"Try again: {name}", Action("retry", ident))
        case JobState.QUEUED | JobState.RUNNING:
            return Button(f"Cancel: {name}", Action("cancel", ident))
        case JobState.DONE if job.episode_id is not None:
            return Button(f"Open: {name}", Action("outline", (str(job.episode_id), "0")))
        case _:
            return None
