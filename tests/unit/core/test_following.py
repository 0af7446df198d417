"""What of a feed is new, what is edited, and when it is asked again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feed_changes import MOST_NEWS, changes
from bot.core.following import MOST_PAUSE, Known, Plan, TranscriptAt, next_look, plan_from_json
from bot.core.transcript import Chapter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plan(number, **options):
    url = f"https://pod.example/{number}.mp3"
    published_at = NOON + timedelta(days=number)
    base = Plan(f"g{number}", f"Episode {number}", f"url:{url}", url, published_at=published_at)
    return replace(base, **options)


def known(*plans):
    return [
        Known(number, one.guid, one.digest, one.media_key, one.likeness)
        for number, one in enumerate(plans, 1)
    ]


def found(plans, stored=(), *, begun=True):
    return changes(plans, stored, begun=begun, followed_at=NOON)


def test_plan_that_was_stored_is_the_same_plan():
    one = plan(
        1,
        chapters=(Chapter(0, "A", 5, "https://a", silent=True, sponsor=True),),
        transcripts=(TranscriptAt("https://t", "text/vtt", "en"),),
    )
    assert plan_from_json(one.to_json()) == one


def test_newest_comes_first_at_first_and_last_later():
    plans = [plan(3), plan(1), plan(2)]
    assert [one.plan.guid for one in found(plans, begun=False)] == ["g3", "g2", "g1"]
    assert [one.plan.guid for one in found(plans)] == ["g1", "g2", "g3"]


def test_items_without_a_date_keep_the_feeds_order():
    plans = [plan(n, published_at=None) for n in range(3)]
    assert [one.plan.guid for one in found(plans, begun=False)] == ["g0", "g1", "g2"]


def test_nothing_is_told_of_at_first_and_what_is_new_is_later():
    assert [one.tell for one in found([plan(1)], begun=False)] == [False]
    assert [one.tell for one in found([plan(1)])] == [True]
    assert [one.tell for one in found([plan(-3)])] == [False]


@pytest.mark.parametrize(("number", "told"), [(MOST_NEWS, MOST_NEWS), (MOST_NEWS + 1, 0)])
def test_more_than_a_few_new_ones_are_none(number, told):
    assert sum(one.tell for one in found([plan(n) for n in range(1, number + 1)])) == told


def test_known_item_is_no_change():
    assert found([plan(1)], known(plan(1))) == []


@pytest.mark.parametrize(
    "edited",
    [
        plan(1, title="Other"),
        plan(1, guid="new"),
        plan(1, guid="new", title="Other"),
        plan(1, guid="new", media_key="url:b", media_url="https://b"),
    ],
)
def test_edited_item_is_the_item_it_was(edited):
    (change,) = found([edited], known(plan(1)))
    assert (change.item_id, change.tell, change.plan.guid) == (1, False, edited.guid)
    assert change.plan.media_key == plan(1).media_key
    again = [Known(1, edited.guid, change.digest, change.plan.media_key, edited.likeness)]
    assert found([edited], again) == []


def test_video_in_the_place_of_a_file_is_another_recording():
    video = plan(1, media_key="youtube:aaaaaaaaaaa", media_url="https://youtu.be/aaaaaaaaaaa")
    (change,) = found([video], known(plan(1)))
    assert change.plan.media_key == "youtube:aaaaaaaaaaa"


def test_two_items_of_one_recording_are_one():
    twin = plan(2, media_key=plan(1).media_key)
    assert [one.plan.guid for one in found([plan(1), twin], begun=False)] == ["g1"]
    assert found([plan(1), twin], known(plan(1))) == []
    assert found([twin, plan(1)], known(plan(1))) == []


def test_two_items_of_one_title_and_hour_are_two():
    twin = plan(2, title=plan(1).title, published_at=plan(1).published_at)
    assert len(found([plan(1), twin])) == 2
    assert len(found([plan(1), twin], known(plan(1)))) == 1


def test_item_whose_episode_is_gone_stays_away():
    gone = [replace(known(plan(1))[0], gone=True)]
    assert found([plan(1, title="Other")], gone) == []


@given(st.lists(st.integers(0, 30), max_size=12), st.lists(st.integers(0, 30), max_size=12))
def test_look_taken_in_leaves_nothing_to_find(before, now):
    stored = known(*(plan(n) for n in dict.fromkeys(before)))
    plans = [plan(n) for n in now]
    new = found(plans, stored)
    assert {one.plan.guid for one in new} == {one.guid for one in plans} - {
        one.guid for one in stored
    }
    assert found(plans, stored + known(*(one.plan for one in new))) == []


@given(st.integers(0, 10**6), st.integers(0, 10**9))
def test_next_look_is_later_with_each_failure_up_to_a_day(failures, seed):
    pause = next_look(NOON, every=HOUR, failures=failures, seed=seed) - NOON
    assert min(HOUR * 2 ** min(failures, 5), MOST_PAUSE) <= pause <= MOST_PAUSE * 1.1
    seldom = next_look(NOON, every=HOUR * 48, failures=failures, seed=seed) - NOON
    assert seldom >= HOUR * 48


def another(number, of):
    return plan(number, guid=plan(of).guid)


def test_guid_used_again_for_another_talk_is_a_new_item():
    (change,) = found([another(2, 1)], known(plan(1)))
    assert (change.item_id, change.tell, change.plan.title) == (None, True, "Episode 2")
    stored = known(plan(1), change.plan)
    assert found([another(2, 1)], stored) == []
    assert found([another(2, 1), plan(1)], stored) == []
    (edit,) = found([replace(another(2, 1), duration_s=5)], stored)
    assert edit.item_id == 2


def test_feed_that_gives_every_item_one_guid_has_all_of_them():
    plans = [another(3, 1), another(2, 1), plan(1)]
    stored = known(*(one.plan for one in found(plans, begun=False)))
    assert sorted(one.likeness for one in stored) == sorted(one.likeness for one in plans)
    assert len({one.guid for one in stored}) == 3
    assert found(plans, stored) == []
    (new,) = found([another(4, 1), *plans], stored)
    assert new.plan.title == "Episode 4"


@pytest.mark.parametrize(
    "edited",
    [
        {"title": "B", "media_key": "url:b"},
        {"title": "B", "published_at": NOON + timedelta(days=9)},
        {"media_key": "url:b", "published_at": NOON + timedelta(days=9)},
        {"title": "B", "media_key": "url:b", "published_at": NOON + timedelta(days=1, hours=3)},
        {"title": "B", "media_key": "url:b", "published_at": None},
    ],
)
def test_item_that_keeps_its_title_its_file_or_its_day_is_the_same_talk(edited):
    (change,) = found([plan(1, **edited)], known(plan(1)))
    assert change.item_id == 1


def test_plan_of_a_newer_version_is_read_as_far_as_it_is_known():
    one = plan(1, chapters=(Chapter(0, "A"),), transcripts=(TranscriptAt("https://t"),))
    newer = json.loads(one.to_json())
    for part in (newer, newer["chapters"][0], newer["transcripts"][0]):
        part["mood"] = "new"
    assert plan_from_json(json.dumps(newer)) == one


def test_item_whose_likeness_an_older_segue_noted_is_known_where_all_else_is_new():
    stored = replace(known(plan(1))[0], likeness=plan(1).older_likeness)
    moved = plan(1, guid="new", media_key="url:https://cdn/1", media_url="https://cdn/1")
    (edited,) = found([moved], [stored])
    assert (edited.item_id, edited.tell) == (1, False)
