"""Spelling: how much of a query is compared with the vocabulary."""

from bot.core.catalog import PUBLIC
from bot.core.query import parse_query
from bot.services.spelling import MOST_CORRECTED, spelled


class Vocabulary:
    """Knows no word, and one that is near to each."""

    def __init__(self):
        self.compared = []

    async def unknown_words(self, tenant, words):
        return list(words)

    async def similar_words(self, tenant, word, max_distance):
        self.compared.append(word)
        return [(word[:-1] + "z", 5)]


async def test_first_unknown_words_are_corrected_and_no_more():
    vocabulary = Vocabulary()
    words = [f"wor{letter}d" for letter in "abcdefgh"]
    query = await spelled(vocabulary, PUBLIC, parse_query(" ".join(words)))
    assert sorted(vocabulary.compared) == words[:MOST_CORRECTED]
    corrected = [clause.correction for clause in query.clauses]
    assert corrected == [f"wor{n}z" for n in "abcd"] + [None] * 4
