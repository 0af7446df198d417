"""Stands in for a store: what an export is given after a draft was imported."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.catalog import PUBLIC, Episode, EpisodeDraft, Segment, StoredEpisode


def stored_episode(
    draft: EpisodeDraft, corrections: Mapping[int, tuple[str, str]] | None = None
) -> StoredEpisode:
    """Return the draft as stored; ``corrections`` maps a segment's index to title and text."""
    corrections = corrections or {}
    segments = []
    for index, each in enumerate(draft.segments):
        title, text = corrections.get(index, (each.title, each.text))
        segments.append(
            (
                each,
                Segment(
                    id=index + 1,
                    episode_id=1,
                    kind=each.kind,
                    at=each.at,
                    end=each.end,
                    link_at=each.link_at,
                    title=title,
                    text=text,
                    corrected=index in corrections,
                ),
            )
        )
    times = [each.at for each in draft.segments]
    episode = Episode(
        id=1,
        tenant=PUBLIC,
        title=draft.title,
        media=draft.media,
        show=draft.show,
        source_label=draft.source_label,
        duration=draft.duration,
        segment_count=len(segments),
        first_at=min(times),
        last_at=max(times),
    )
    return StoredEpisode(episode, draft.intro, draft.references, draft.layout, tuple(segments))
