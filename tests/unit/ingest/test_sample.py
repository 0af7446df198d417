"""What the built-in sample must be read as, fact by fact."""

from __future__ import annotations

import re

import pytest

from bot.core.catalog import Reference
from bot.core.timecode import Timecode
from bot.ingest.export import export_takeaways
from bot.ingest.parsed import ParsedDocument, Repair
from bot.ingest.takeaways import read_takeaways
from bot.sample import sample_document
from tests.unit.ingest.stored import stored_episode

VIDEO = "https://youtu.be/_1f-o0nqpEI"


@pytest.fixture(scope="module")
def sample() -> ParsedDocument:
    return read_takeaways(sample_document(), name="lex-459")


def _at(clock: str) -> Timecode:
    hours, minutes, seconds = ("0:" * (2 - clock.count(":")) + clock).split(":")
    return Timecode(int(hours) * 3600 + int(minutes) * 60 + int(seconds))


def test_read_sample_gives_its_head(sample: ParsedDocument):
    draft = sample.draft
    assert draft.title == (
        "DeepSeek, China, OpenAI, NVIDIA, xAI, TSMC, Stargate, and AI Megaclusters"
        " | Lex Fridman Podcast #459"
    )
    assert draft.show == "Lex Fridman Podcast"
    assert draft.intro == (
        "Below are my take-aways and short summaries from the video."
        " Summaries are created using Gemini 2.0 Flash."
    )
    assert draft.source_label == "Notes · Gemini 2.0 Flash"
    assert draft.media.key == "youtube:_1f-o0nqpEI"
    assert draft.duration is None
    assert draft.references == (Reference("Lex Fridman Podcast #459", VIDEO),)


def test_read_sample_gives_fifteen_segments_in_order(sample: ParsedDocument):
    found = [(each.at, each.title) for each in sample.draft.segments]
    assert found == [
        (_at("17:51"), "Reinforcement Learning Fine-Tuning (RL)"),
        (_at("37:42"), "The Bitter Lesson and Incremental Gains"),
        (_at("56:58"), "Chips in US vs China"),
        (_at("1:22:48"), "Export Controls and Economic Growth"),
        (_at("1:43:27"), "TSMC and R&D Locations"),
        (_at("2:00:32"), "KV Cache"),
        (_at("3:04:25"), "Reasoning Prompts and Model Responses"),
        (_at("3:09:17"), "Monte Carlo"),
        (_at("3:17:24"), "Jevons Paradox in AI"),
        (_at("3:39:28"), "AlexNet & Cluster Scale"),
        (_at("4:08:50"), "Intel’s Struggling Position"),
        (_at("4:17:54"), "Ads in the Generation: Perplexity"),
        (_at("4:23:01"), "AI Agents and Computer Use"),
        (_at("4:28:53"), "AI-Integrated Websites"),
        (_at("4:30:03"), "Instruction Tuning"),
    ]
    assert all(each.end is None for each in sample.draft.segments)


def test_read_sample_gives_plain_text(sample: ParsedDocument):
    by_title = {each.title: each for each in sample.draft.segments}
    bitter = by_title["The Bitter Lesson and Incremental Gains"].text
    first, second = bitter.split("\n\n")
    assert first.endswith("big gains over time.")
    assert second.startswith("Nathan mentions that the code")
    cache = by_title["KV Cache"]
    assert cache.text.startswith("Here, the podcast delves into KV Cache")
    assert "operate. It's explained" in cache.text
    assert "(inference)" in cache.text
    intel = by_title["Intel’s Struggling Position"].text
    assert "“" not in intel
    assert "they’re trying to catch back up and we’ll see" in intel
    assert by_title["Instruction Tuning"].text.endswith("train and build the instruction.")


def test_read_sample_keeps_the_cells_of_the_source(sample: ParsedDocument):
    cells = sample.draft.segments[5].cells
    assert cells[0] == f"[2:00:32]({VIDEO}?t=7232)"
    assert cells[1] == "**KV Cache**"
    assert cells[2].startswith("Here, the podcast delves")
    assert sample.draft.segments[5].link_url == f"{VIDEO}?t=7232"


def test_read_sample_finds_the_two_rows_that_disagree_with_their_link(sample: ParsedDocument):
    found = [(each.line, each.label.seconds, each.link.seconds) for each in sample.conflicts]
    assert found == [(18, 14930, 14870), (19, 15474, 15218)]
    assert [each.title for each in sample.conflicts] == [
        "Intel’s Struggling Position",
        "Ads in the Generation: Perplexity",
    ]
    links = {each.at.seconds: each.link_at for each in sample.draft.segments}
    assert links[14930] == Timecode(14870)
    assert links[15474] == Timecode(15218)


def test_read_sample_reports_the_two_missing_pipes(sample: ParsedDocument):
    sentence = "the closing | was missing"
    assert sample.repairs == (Repair(19, sentence), Repair(22, sentence))


def test_export_sample_gives_the_same_document_but_for_the_two_pipes(sample: ParsedDocument):
    source = sample_document().split("\n")
    for line in (19, 22):
        source[line - 1] += " |"
    assert export_takeaways(stored_episode(sample.draft)).split("\n") == source


def test_export_sample_in_any_order_of_the_store_gives_the_same_document(sample: ParsedDocument):
    stored = stored_episode(sample.draft)
    shuffled = stored_episode(sample.draft)
    object.__setattr__(shuffled, "segments", stored.segments[::-1])
    assert export_takeaways(shuffled) == export_takeaways(stored)


def test_export_sample_with_a_correction_changes_that_row_alone(sample: ParsedDocument):
    text = "Keys and values | not queries.\n\nStored *once* per token."
    corrected = stored_episode(sample.draft, {5: ("KV Cache [sic]", text)})
    before = export_takeaways(stored_episode(sample.draft)).split("\n")
    after = export_takeaways(corrected).split("\n")
    changed = [index for index, line in enumerate(before) if line != after[index]]
    assert changed == [12]
    assert after[12] == (
        rf"| [2:00:32]({VIDEO}?t=7232) | **KV Cache \[sic\]** | Keys and values \| not queries."
        r"<br><br>Stored \*once\* per token. |"
    )


def test_read_export_of_the_sample_finds_nothing_to_repair(sample: ParsedDocument):
    again = read_takeaways(export_takeaways(stored_episode(sample.draft)))
    assert again.draft == sample.draft
    assert again.repairs == ()
    assert [each.line for each in again.conflicts] == [18, 19]


def test_sample_is_the_text_of_its_author():
    assert re.search(r"^\| \[4:17:54\].* ads\.$", sample_document(), re.MULTILINE)
