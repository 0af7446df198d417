"""A reply names commands as they are typed where it was asked for."""

from bot.core.command_names import as_typed
from bot.core.reply import Example, MomentList, Notice

NAMES = {"topic": "/segue-topic", "episodes": "/segue episodes", "help": "@segue help"}


def written(text):
    return as_typed(Notice(text=text), NAMES).text


def test_command_in_a_sentence_is_written_as_it_is_typed_there():
    assert written("Try /help. /episodes lists what I know.") == (
        "Try @segue help. /segue episodes lists what I know."
    )


def test_command_without_another_name_stays():
    assert written("/summarize needs time. For example: /summarize 90m") == (
        "/summarize needs time. For example: /summarize 90m"
    )


def test_words_of_a_person_stay_as_they_were_typed():
    for text in ("Nothing about “/topic x /help”.", "see a/help, /helpful, //help"):
        assert written(text) == text


def test_example_is_written_as_it_is_typed_and_its_words_are_not():
    notice = Notice(text="x", examples=(Example("/topic the /help desk", "find"),))
    (example,) = as_typed(notice, NAMES).examples
    assert example == Example("/segue-topic the /help desk", "find")


def test_reply_without_sentences_of_ours_stays():
    reply = MomentList(heading="1 moment about “/help”", groups=())
    assert as_typed(reply, NAMES) is reply
