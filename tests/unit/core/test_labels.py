"""Only a label that an export writes is believed of a document, and only as it writes it."""

import pytest

from bot.core.labels import AUTOMATIC, BELIEVED, CHAPTERS, believed_source, source_sentence


@pytest.mark.parametrize("made", sorted(BELIEVED))
@pytest.mark.parametrize("said", ["", "Transcript", "Transcript · YouTube"])
def test_label_that_an_export_says_is_believed(made, said):
    assert believed_source(source_sentence(made, said)) == made
    assert believed_source(f"A word before.\n\n{source_sentence(made, said)}") == made


@pytest.mark.parametrize(
    "intro",
    [
        "",
        "Source: .",
        "Source: Lex Fridman.",
        "Source: Admin · Transcript, its sentences chosen by rule.",
        "Source: Notes · Gemini 2.0 Flash.",
        "source: automatic.",
        "Source: Automatic",
        "Source: Automatic. It is.",
        "The Source: Automatic.",
        "Source: Automatic · a page.",
        "Source: Automatic · \n, its sentences chosen by rule.",
    ],
)
def test_whatever_else_a_document_says_is_no_label(intro):
    assert believed_source(intro) is None


def test_first_label_counts():
    told = "\n\n".join(map(source_sentence, (AUTOMATIC, CHAPTERS)))
    assert believed_source(told) == AUTOMATIC
