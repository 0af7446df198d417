"""Episode drafts for tests of stores, built without a parser."""

from bot.core.catalog import EpisodeDraft, SegmentDraft
from bot.core.media import Media
from bot.core.recording import ChaptersDraft, RecordingDraft
from bot.core.timecode import Timecode
from bot.core.transcript import Chapter, Sentence, TranscriptDraft

ROWS = ((60, "KV Cache", "stores keys and values"), (600, "Export Controls", "chips and China"))


def segment_draft(second, title, text="", **changes):
    """Return a note whose own link opens its label's second."""
    fields = {
        "link_at": Timecode(second),
        "link_url": f"https://youtu.be/aaaaaaaaaaa?t={second}",
        "cells": (f"[{second}]", title, text),
    }
    return SegmentDraft(at=Timecode(second), title=title, text=text, **{**fields, **changes})


def episode_draft(rows=ROWS, *, video="aaaaaaaaaaa", title="A talk", **changes):
    """Return a YouTube episode; rows are (second, title, text) or segment drafts."""
    segments = tuple(row if isinstance(row, SegmentDraft) else segment_draft(*row) for row in rows)
    media = Media(f"youtube:{video}", f"https://youtu.be/{video}")
    return EpisodeDraft(title=title, media=media, segments=segments, **changes)


def transcript_draft(said, **changes):
    """Return a transcript; what is said is (second, words), each sentence two seconds long."""
    ordered = sorted(said, key=lambda one: one[0])
    sentences = (Sentence(second * 1_000, second * 1_000 + 2_000, text) for second, text in ordered)
    return TranscriptDraft(tuple(sentences), **changes)


def chapters_draft(chapters, **changes):
    """Return chapters; each is (second, title), and goes to the next."""
    made = (
        Chapter(second * 1_000, title, sponsor=title.startswith("Sponsor"))
        for second, title in sorted(chapters)
    )
    return ChaptersDraft(tuple(made), **changes)


def recording_draft(of, **layers):
    """Return layers of a recording: of an episode, a draft of one, or a video by its id."""
    if isinstance(of, str):
        of = episode_draft((), video=of)
    return RecordingDraft(of.media, of.title, **layers)
