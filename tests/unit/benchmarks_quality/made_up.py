"""Episodes that were never said, in the format of the benchmark's data."""

import json
import random

from benchmarks.quality.episodes import Chapter, Cue, Episode

SUBJECTS = {
    "Growing tomatoes": "tomato seedlings want warm soil and a sunny greenhouse wall",
    "Repairing bicycles": "the bicycle chain slips when its sprocket and derailleur wear out",
    "Baking sourdough": "a sourdough starter needs flour water and a patient baker",
}
"""Titles of chapters, and what is said again and again in each."""

CUES_OF_CHAPTER = 20
CUE_S = 10.0


def episode(ident="one", show="Garden Talk", subjects=SUBJECTS):
    """Return an episode with a chapter for each subject: 20 cues of ten seconds."""
    cues, chapters = [], []
    for number, (title, said) in enumerate(subjects.items()):
        begun = number * CUES_OF_CHAPTER * CUE_S
        chapters.append(Chapter(begun, begun + CUES_OF_CHAPTER * CUE_S, title))
        for place in range(CUES_OF_CHAPTER):
            start = begun + place * CUE_S
            # In another order each time: what is said twice in a row is taken for captions' own.
            words = random.Random(place).sample(said.split(), len(said.split()))
            cues.append(Cue(start, start + CUE_S, f"{' '.join(words)}."))
    return Episode(ident, show, f"About {ident}", cues[-1].end, tuple(cues), tuple(chapters))


def fields(made):
    """Return an episode as its file holds it."""
    return {
        "id": made.id,
        "show": made.show,
        "title": made.title,
        "duration": made.duration,
        "video": made.video or None,
        "cues": [[cue.start, cue.end, cue.text] for cue in made.cues],
        "chapters": [[chapter.start, chapter.title] for chapter in made.chapters],
    }


def write(folder, *episodes):
    """Write each episode to a file of its own."""
    folder.mkdir(exist_ok=True)
    for made in episodes:
        (folder / f"{made.id}.json").write_text(json.dumps(fields(made)), encoding="utf-8")
    return folder
