"""A long note in short, by its own sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sentences import sentences
from bot.core.settings import GeminiSettings
from bot.core.summarizing import NotWritten, Source
from bot.core.wording import EXCERPT
from bot.providers import open_summarizer
from bot.providers.extractive import MOST_CHARACTERS, Extractive, telling_sentences


async def test_without_a_key_no_model_is_asked():
    summarizer = open_summarizer(GeminiSettings())
    assert isinstance(summarizer, Extractive)
    assert "no model is asked" in await summarizer.check()


async def test_note_that_its_card_shows_whole_is_not_shortened():
    with pytest.raises(NotWritten):
        await Extractive().summarize(Source("A title", "a b. " * (EXCERPT // 5)), within_s=1)


@given(st.text("ab .!\n", max_size=2_000), st.text(max_size=20))
def test_extract_is_verbatim_and_short(text, title):
    extract = telling_sentences(Source(title, text))
    assert len(extract) <= MOST_CHARACTERS + 1
    whole = {" ".join(one.split()) for one in sentences(text)}
    assert all(any(piece in one for one in whole) for piece in extract.split())


def test_order_is_that_of_the_note():
    text = "Zeta is a letter. Keys and values are cached. A bird flew by. Cached keys save time."
    assert telling_sentences(Source("Cached keys", text)) == (
        "Keys and values are cached. Cached keys save time."
    )
