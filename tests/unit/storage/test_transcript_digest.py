"""The digest of a transcript stays as it was stored: another one would look like a new text."""

import hashlib
import json

from bot.core.transcript import Sentence, TranscriptDraft
from storage.sqlite.transcripts import digest_of


def test_digest_is_that_of_the_whole_as_json():
    said = (Sentence(0, 9, "Zebras “here”.", "Ann"), Sentence(10, 20, "Okapis."))
    head = {"language": "en", "source_label": "Transcript"}
    for sentences in (said, said[:1], ()):
        rows = [[one.start_ms, one.end_ms, one.speaker, one.text] for one in sentences]
        whole = json.dumps([head, rows], separators=(",", ":")).encode("ascii")
        expected = hashlib.sha256(whole).hexdigest()
        assert digest_of(TranscriptDraft(sentences, "en", "Transcript")) == expected
