"""Spelling: slips, and words that captions write as two."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.query import parse_query
from bot.services.spelling import MOST_CORRECTED, spelled
from tests.fakes.core import GUILD, opened_core
from tests.fakes.drafts import recording_draft, transcript_draft


class Vocabulary:
    """Knows no word, and one that is near to each."""

    def __init__(self):
        self.compared = []

    async def word_counts(self, tenant, words):
        return {}

    async def similar_words(self, tenant, word, max_distance):
        self.compared.append(word)
        return [(word[:-1] + "z", 5, 0)]


async def test_first_unknown_words_are_corrected_and_no_more():
    vocabulary = Vocabulary()
    words = [f"wor{letter}d" for letter in "abcdefgh"]
    query = await spelled(vocabulary, PUBLIC, parse_query(" ".join(words)))
    assert sorted(vocabulary.compared) == words[:MOST_CORRECTED]
    corrected = [clause.correction for clause in query.clauses]
    assert corrected == [f"wor{n}z" for n in "abcd"] + [None] * 4


@pytest.fixture
async def core(tmp_path):
    async with opened_core(tmp_path, sample=False) as opened:
        yield opened


async def say(core, *lines, tenant=PUBLIC):
    said = transcript_draft([(100 * n, line) for n, line in enumerate(lines)])
    await core.store.put_recording(tenant, recording_draft("aaaaaaaaaaa", transcript=said))


async def alternatives(core, typed):
    query = await spelled(core.store, GUILD, parse_query(typed))
    return [
        [" ".join(term.surface for term in phrase) for phrase in clause.alternatives]
        for clause in query.clauses
    ], query.correction()


async def test_word_that_captions_write_as_two_is_found_as_two(core):
    await say(core, "A Deep Seek release.", "They say deep seek again.", "Deep in thought.")
    assert await alternatives(core, "DeepSeek release") == (
        [["deepseek", "deep seek"], ["release"]],
        None,
    )
    reply = await core.ask("/topic DeepSeek")
    assert [line.at.seconds for group in reply.groups for line in group.moments] == [0, 100]
    assert reply.heading == "2 passages of the talk about “DeepSeek”"


@pytest.mark.parametrize(("typed", "said"), [("DoNotPay", "do not pay"), ("MLOps", "ml ops")])
async def test_capitals_inside_a_word_say_which_words_it_is_made_of(core, typed, said):
    await say(core, f"They call it {said}.", f"And {said} it is.", "Do not do it, but pay.")
    assert await alternatives(core, f"{typed}'s") == ([[typed.lower(), said]], None)


async def test_very_common_words_are_no_part_of_one_typed_without_capitals(core):
    await say(core, "They call it do not pay.", "And do not pay it is.")
    assert await alternatives(core, "donotpay") == ([["donotpay"]], None)


async def test_rare_word_is_looked_for_as_two_where_these_are_said_more_often(core):
    await say(
        core,
        "Graph ql here.",
        "Graph ql there, or graphql.",
        "A notebook, a note book.",
        "The notebook and the note book.",
    )
    assert (await alternatives(core, "graphql"))[0] == [["graphql", "graph ql"]]
    assert (await alternatives(core, "notebook"))[0] == [["notebook"]]


async def test_words_side_by_side_by_chance_are_no_word_where_another_is_meant(core):
    await say(core, "A mem pol is here.", "A mempool.", "The mempool.", "Work in it.")
    assert await alternatives(core, "mempol") == ([["mempol", "mempool"]], "mempool")
    assert await alternatives(core, "workin") == ([["workin"]], None)


async def test_slip_in_a_compound_is_corrected_and_shown(core):
    await say(core, "Half aggregation of signatures.", "The aggregation of halves.")
    assert await alternatives(core, "Half-aggreagtion?") == (
        [["half aggreagtion", "halfaggreagtion", "half aggregation", "halfaggregation"]],
        "Half-aggregation?",
    )
    reply = await core.ask("/topic half-aggreagtion")
    assert "“half-aggregation”" in reply.heading


async def test_compound_whose_words_are_known_or_that_is_known_as_one_word_is_left_alone(core):
    await say(core, "A mempool. Keycloak here.", "The mempool. Keycloak there.", "A cloud.")
    assert (await alternatives(core, "key-cloak"))[1] is None
    assert (await alternatives(core, "mempool-keycloak"))[1] is None
    assert (await alternatives(core, "mempol-keycloak"))[1] == "mempool-keycloak"


async def test_letter_lost_is_likelier_than_another_word_that_is_more_common(core):
    await say(core, *["They rest."] * 9, "A roast.", "The roast.")
    assert (await alternatives(core, "rast"))[1] == "roast"


async def test_long_word_that_was_heard_once_is_found_with_a_slip(core):
    await say(core, "He reads your keystrokes.", "They simulate networks.", "A perf test.")
    assert (await alternatives(core, "keystroes"))[1] == "keystrokes"
    assert (await alternatives(core, "kestroes"))[1] is None
    assert (await alternatives(core, "perff"))[1] is None


async def test_slip_in_a_word_that_is_only_said_in_the_plural_is_one(core):
    await say(core, "Export controls.", "The export controls.", "Kubernetes.", "On Kubernetes.")
    assert (await alternatives(core, "export-contorl"))[1] == "export-controls"
    assert (await alternatives(core, "kubernette"))[1] == "kubernetes"
    assert (await alternatives(core, "control"))[1] is None


async def test_stop_word_with_a_slip_is_left_out_and_that_is_shown(core):
    await say(core, "There are other tips.", "The other tip.", "Many tips.")
    query = await spelled(core.store, GUILD, parse_query("othre tips"))
    assert [clause.typed for clause in query.clauses] == ["tips"]
    assert query.correction() == "other tips"
    reply = await core.ask("/topic othre tips")
    assert "“other tips”" in reply.heading


async def test_word_near_a_stop_word_stays_where_it_may_be_one_of_its_own(core):
    await say(core, "There are other tips.", "The other tip, either, could be.", "Many tips.")
    for typed in ("othor tips", "othre", "ether tips", "cold tips", "thers"):
        assert (await alternatives(core, typed))[1] is None


async def test_stop_word_with_a_slip_is_one_however_it_is_dressed(core):
    await say(core, "There are other tips.", "The other tip.", "Many tips.")
    for typed in ("#othre tips", "othre's tips", "othre, tips"):
        query = await spelled(core.store, GUILD, parse_query(typed))
        assert [clause.typed for clause in query.clauses] == ["tips"], typed
    query = await spelled(core.store, GUILD, parse_query('"many tips" othre'))
    assert query.quoted_in_part


async def test_letters_and_digits_are_found_apart_where_they_are_said_so(core):
    await say(core, "GPT 4 is out.", "They say GPT-4 again.", "Plan k.", "There are 8.", "An s.")
    assert await alternatives(core, "GPT4 k8s h3") == (
        [["gpt4", "gpt 4"], ["k8s"], ["h3"]],
        None,
    )
    assert (await alternatives(core, "gpt-4"))[0] == [["gpt 4", "gpt4"]]


async def test_compound_leaves_the_words_after_it_their_turn(core):
    await say(core, "He reads keystrokes.", "Some mempool.", "The mempool.")
    typed = "mempol-a mempol-b mempol-c aaaaa-bbbbb-ccccc-ddddd keystroes"
    corrected = (await alternatives(core, typed))[1]
    assert corrected == "mempool-a mempool-b mempool-c aaaaa-bbbbb-ccccc-ddddd keystrokes"


@pytest.mark.parametrize(
    "typed", [r"foo\keystroes", r"\keystroes", r"keystroes\1", "\\n-keystroes"]
)
async def test_backslash_is_a_character_like_any_other(core, typed):
    await say(core, "He reads keystrokes.", "More keystrokes.")
    corrected = (await alternatives(core, typed))[1]
    assert corrected == typed.replace("keystroes", "keystrokes")
    assert await core.ask(f"/topic {typed}")


async def test_word_is_never_corrected_to_one_of_three_letters(core):
    await say(core, "Sam is here.", "Sam goes.")
    assert await alternatives(core, "saml") == ([["saml"]], None)


async def test_words_of_two_places_are_not_one(core):
    await say(core, "A deep thought.", "They seek it.", "A deep dive, and then they seek.")
    assert await alternatives(core, "deepseek") == ([["deepseek"]], None)


async def test_words_that_others_say_as_two_are_nobody_elses(core):
    await say(core, "Deep seek.", "Deep seek again.", tenant="discord:99")
    assert await alternatives(core, "deepseek") == ([["deepseek"]], None)


async def test_quoted_word_is_never_taken_apart(core):
    await say(core, "Deep seek.", "Deep seek again.")
    assert await alternatives(core, '"deepseek"') == ([["deepseek"]], None)
