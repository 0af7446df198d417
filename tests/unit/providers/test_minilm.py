"""The model that the packages bring: the same bytes each time, and never a crash without it."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.embedding import NoModel
from bot.core.errors import ConfigError
from bot.core.settings import MeaningSettings
from bot.providers import open_embedder
from bot.providers.minilm import embedder, files
from bot.providers.minilm.embedder import MOST_CHARACTERS, MiniLm
from bot.sample import sample_document
from tests.fakes.vectors import cosine

CHIPS = "The export controls on chips made the labs squeeze more out of each GPU."
NEAR = "Restrictions on selling graphics cards abroad forced researchers to use them better."
FAR = "Knead the dough, let it rest for an hour, then bake the bread until it is brown."


@pytest.fixture(scope="module")
def model() -> MiniLm:
    return MiniLm()


def test_texts_that_mean_the_same_are_closer_than_others(model):
    chips, near, far = model.embed([CHIPS, NEAR, FAR])
    assert cosine(chips, near) > 0.35
    assert cosine(chips, far) < 0.15


def test_vector_is_of_unit_length(model):
    (vector,) = model.embed([CHIPS])
    assert len(vector) == model.dimensions
    assert cosine(vector, vector) == pytest.approx(1.0, abs=0.02)


def test_text_has_the_same_bytes_alone_in_company_in_any_order_and_in_another_instance(model):
    texts = [line for line in sample_document().splitlines() if line.strip()][:12]
    alone = [model.embed([text])[0] for text in texts]
    assert len(set(alone)) == len(texts)
    assert model.embed(texts) == alone
    shuffled = random.Random(7).sample(range(len(texts)), len(texts))
    assert model.embed([texts[place] for place in shuffled]) == [alone[n] for n in shuffled]
    assert MiniLm(threads=2).embed(texts) == alone


def test_threads_may_embed_at_once(model):
    texts = [CHIPS, NEAR, FAR] * 4
    alone = model.embed(texts)
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: model.embed([text])[0], texts))
    assert together == alone


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x1b[2J", "\ud800 half a character", "x" * 1_000_000, "字" * 5_000, "🎙️"]
)
def test_any_text_has_a_vector(model, text):
    (vector,) = model.embed([text])
    assert len(vector) == model.dimensions


def test_only_the_beginning_of_a_long_text_is_read(model):
    long = "word " * MOST_CHARACTERS
    one, other = model.embed([long, long + "and an end"])
    assert one == other


def test_nothing_is_embedded_of_nothing(model):
    assert model.embed([]) == []


def test_operator_is_told_what_runs(model):
    assert model.check().startswith("all-MiniLM-L6-v2 8199be6f699a")


def test_another_file_is_another_model():
    assert MiniLm().model == MiniLm(threads=2).model
    assert MiniLm().model != MiniLm(sha256="0" * 64).model


def no_model(model: MiniLm, caplog: pytest.LogCaptureFixture) -> str:
    """Return what is said of a model that is not there: the same each time, once in the log."""
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(NoModel) as told:
                model.embed(["a text"])
        with pytest.raises(NoModel):
            model.check()
    (record,) = caplog.records
    assert str(told.value) in record.getMessage()
    return str(told.value)


def test_file_of_another_hash_is_no_model(tmp_path, caplog):
    file = tmp_path / "model.onnx"
    file.write_bytes(b"not a model")
    assert "is not the known file" in no_model(MiniLm(file), caplog)


def test_file_that_is_not_there_is_no_model(tmp_path, caplog):
    assert "cannot be read" in no_model(MiniLm(tmp_path / "gone.onnx"), caplog)


def test_package_that_is_not_installed_is_no_model(monkeypatch, caplog):
    monkeypatch.setattr(files, "PACKAGE", "a_package_that_nobody_has")
    assert "not installed" in no_model(MiniLm(), caplog)


def test_file_of_the_named_hash_that_is_no_model_at_all_is_no_model(tmp_path, caplog):
    file = tmp_path / "model.onnx"
    file.write_bytes(b"")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert "cannot be loaded" in no_model(MiniLm(file, sha256=nothing), caplog)


def test_other_tokenizer_is_no_model(monkeypatch, caplog):
    monkeypatch.setattr(files, "TOKENIZER_SHA256", "0" * 64)
    assert "tokenizer.json is not the known file" in no_model(MiniLm(), caplog)


@pytest.mark.parametrize("missing", ["numpy", "onnxruntime", "tokenizers"])
def test_runtime_that_is_not_installed_is_no_model(monkeypatch, caplog, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    assert "cannot be loaded" in no_model(MiniLm(), caplog)


def test_text_that_fails_leaves_the_model_to_the_next(monkeypatch):
    answers = iter([MemoryError(), b"\x01" * 384])

    def vector(_: str) -> bytes:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(embedder, "_load", lambda *_: vector)
    model = MiniLm()
    with pytest.raises(NoModel):
        model.embed(["one"])
    assert model.embed(["two"]) == [b"\x01" * 384]


def test_nothing_heavy_is_imported_before_the_first_text():
    lines = (
        "import sys",
        "from bot.providers.minilm.embedder import MiniLm",
        "model = MiniLm()",
        "heavy = {'numpy', 'onnxruntime', 'tokenizers'}",
        "assert not heavy & set(sys.modules)",
        "model.embed(['a text'])",
        "assert heavy <= set(sys.modules)",
        "assert 'huggingface_hub' not in sys.modules",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=60)


def test_what_runs_the_model_tells_nobody_and_keeps_no_name_for_this_machine(tmp_path):
    """The official builds of it do, unless told otherwise before they start (or run in CI)."""
    silent = {"CI", "ORT_DISABLE_TELEMETRY"}
    kept = {name: value for name, value in os.environ.items() if name not in silent}
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    text = "from bot.providers.minilm.embedder import MiniLm; MiniLm().embed(['talk'])"
    subprocess.run([sys.executable, "-c", text], check=True, timeout=60, env={**kept, **places})
    assert list(tmp_path.rglob("*")) == []


def test_model_takes_less_than_180_megabytes_at_its_peak_and_120_when_it_rests():
    lines = (
        "import numpy, onnxruntime, tokenizers",
        "from bot.providers.minilm.embedder import MiniLm",
        "from tests.fakes.memory import megabytes, peak_megabytes",
        "before = peak_megabytes()",
        "model = MiniLm()",
        "for length in range(1, 131):",
        "    model.embed(['talk ' * length])",
        "print(peak_megabytes() - before, megabytes() - before)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    peak, at_rest = map(float, done.stdout.split())
    assert 20 < peak < 180
    assert 20 < at_rest < 120


def test_settings_name_the_model_its_file_or_none(tmp_path):
    assert open_embedder(MeaningSettings(model="off")) is None
    usual = open_embedder(MeaningSettings())
    assert usual is not None
    assert usual.model == MiniLm().model
    elsewhere = open_embedder(MeaningSettings(file=str(tmp_path / "gone.onnx"), sha256="0" * 64))
    assert elsewhere is not None
    assert elsewhere.model == MiniLm(sha256="0" * 64).model
    with pytest.raises(NoModel, match="gone"):
        elsewhere.embed(["a text"])


@pytest.mark.parametrize("settings", [MeaningSettings(model="x"), MeaningSettings(threads=0)])
def test_settings_that_name_no_model_are_refused(settings):
    with pytest.raises(ConfigError):
        open_embedder(settings)
