"""What is counted, how it reads, and that nothing of what people send gets into it."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.core.commands import UNKNOWN_ACTION
from bot.core.reply import Choice, Notice, Tone
from bot.core.settings import LimitSettings
from bot.metrics import BOUNDS_S, Metrics
from bot.services.dispatch import Dispatcher
from tests.fakes.core import UNLIMITED, Core
from tests.unit.services.test_dispatch import Broken

STARTED_AT = 1_790_000_000.0


@pytest.fixture
def metrics():
    return Metrics(STARTED_AT)


async def read(metrics):
    """Return {(sample's name, its labels' values in order of their names): value}."""
    text, content_type = await metrics.exposition()
    assert content_type.startswith("text/plain; version=0.0.4")
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_answers_are_counted_by_command_platform_kind_and_tone(metrics):
    for seconds in (0.004, 0.2, 99.0):
        metrics.answered("slack", "topic", Notice(text="x", tone=Tone.EMPTY), seconds)
    metrics.answered("discord", "share", Choice(question="?", options=()), 0.005)
    seen = await read(metrics)
    name = "segue_command_seconds"
    assert seen[name + "_count", "topic", "slack"] == 3
    assert seen[name + "_sum", "topic", "slack"] == pytest.approx(99.204)
    assert seen[name + "_bucket", "topic", "0.005", "slack"] == 1
    assert seen[name + "_bucket", "topic", "0.1", "slack"] == 1
    assert seen[name + "_bucket", "topic", "0.25", "slack"] == 2
    assert seen[name + "_bucket", "topic", str(BOUNDS_S[-1]), "slack"] == 2
    assert seen[name + "_bucket", "topic", "+Inf", "slack"] == 3
    # A bound belongs to its bucket: "le" is "less or equal".
    assert seen[name + "_bucket", "share", "0.005", "discord"] == 1
    assert seen["segue_replies_total", "notice", "empty"] == 3
    assert seen["segue_replies_total", "choice", ""] == 1
    assert seen["segue_start_time_seconds",] == STARTED_AT


async def test_command_that_is_none_of_ours_gets_no_label_of_its_own(metrics):
    for command in ("canary", UNKNOWN_ACTION, "", "topic canary"):
        metrics.answered("slack", command, Notice(text="canary"), 0.1)
    seen = await read(metrics)
    assert seen["segue_command_seconds_count", "unknown", "slack"] == 4
    assert "canary" not in (await metrics.exposition())[0]


async def test_watched_values_are_read_when_asked_for(metrics):
    connected, refused = {"slack": False}, {}
    metrics.watch("connected", "c", label="platform", read=lambda: connected)
    metrics.watch("refused", "r", label="status", read=lambda: refused, counts_up=True)
    assert (await read(metrics))["segue_connected", "slack"] == 0
    connected["slack"], refused["401"] = True, 2
    seen = await read(metrics)
    assert seen["segue_connected", "slack"] == 1
    assert seen["segue_refused_total", "401"] == 2


async def test_two_hosts_in_one_process_count_apart(metrics):
    other = Metrics(STARTED_AT)
    metrics.answered("slack", "topic", Notice(text="x"), 0.1)
    assert ("segue_command_seconds_count", "topic", "slack") in await read(metrics)
    assert ("segue_command_seconds_count", "topic", "slack") not in await read(other)


async def test_dispatcher_counts_every_answer_on_the_platform_it_was_asked_on(metrics):
    core = Core(Broken(RuntimeError("inner")))
    dispatch = Dispatcher(core.ports, UNLIMITED, metrics)
    for platform in ("discord", "slack", "slack"):
        await dispatch.asked_on(platform)(core.invocation("topic", {"words": "canary"}))
    await dispatch.asked_on("slack")(core.invocation("topic", {}))
    seen = await read(metrics)
    assert seen["segue_command_seconds_count", "topic", "discord"] == 1
    assert seen["segue_command_seconds_count", "topic", "slack"] == 3
    assert seen["segue_replies_total", "notice", "error"] == 3
    assert seen["segue_replies_total", "notice", "usage"] == 1
    assert "canary" not in (await metrics.exposition())[0]


async def test_limit_holds_over_the_platforms_of_one_core():
    core = Core(Broken(RuntimeError("inner")), limits=LimitSettings(commands_per_minute=1))
    first, second = core.dispatch.asked_on("discord"), core.dispatch.asked_on("slack")
    assert (await first(core.invocation("topic", {}))).tone is Tone.USAGE
    assert "a lot at once" in (await second(core.invocation("topic", {}))).text
