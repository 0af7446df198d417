"""Embeds texts by MiniLM in this process: no key, no network, some 40 ms for a passage."""

from __future__ import annotations

import ctypes
import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.embedding import SCALE, Embedder, NoModel
from bot.providers.minilm.encoder import (
    IDS,
    LARGEST,
    LARGEST_WEIGHT,
    NETWORK,
    STATES,
    SUMMED,
    encoder,
    extremes,
)
from bot.providers.minilm.files import MODEL_SHA256, model_bytes, tokenizer_bytes

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

log = logging.getLogger(__name__)

MOST_TOKENS = 128
"""Pieces of words of a text that are read: what the model was trained on."""

MOST_CHARACTERS = 4_000
"""Characters of a text that are looked at for them."""

ROWS_TRIED = 16
"""Pieces of a text that a processor is tried with: about as many as a question has."""

NEXT_TO_NOTHING = 0.4
"""Less than half a step of eight bits where the largest is ``LARGEST``."""

Vectors = Callable[[str], bytes]


class MiniLm(Embedder):
    """The model from its first text on: until then neither it nor what runs it is loaded.

    Texts go through it one by one: in company the sums are made in another order, so that a text
    would not always have the same bytes, and it would not be faster.
    """

    dimensions = 384

    def __init__(
        self, file: Path | None = None, *, sha256: str = MODEL_SHA256, threads: int = 1
    ) -> None:
        network = NETWORK if _is_known(sha256) else "as it is"
        self.model = f"all-MiniLM-L6-v2 {sha256[:12]} {network} mean{MOST_TOKENS}x{SCALE}"
        self._file = file
        self._sha256 = sha256
        self._threads = threads
        self._loading = threading.Lock()
        self._vector: Vectors | None = None
        self._missing: NoModel | None = None

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return one vector for each text; raise NoModel."""
        vector = self._loaded()
        try:
            return [vector(text) for text in texts]
        except Exception as error:
            # The runtime has an error class of its own for each way to fail; the next text may
            # go well, as when memory was short.
            log.warning("a text was not embedded: %s", type(error).__name__)
            raise NoModel("the model failed") from error

    def check(self) -> str:
        """Return that the model runs; raise NoModel."""
        self.embed(["Does it run?"])
        return f"{self.model} runs on this machine, with {self._threads} thread(s)"

    def _loaded(self) -> Vectors:
        with self._loading:
            if self._missing is not None:
                raise NoModel(*self._missing.args)
            if self._vector is None:
                try:
                    self._vector = _load(self._file, self._sha256, self._threads)
                except NoModel as missing:
                    raise self._none(str(missing)) from missing
                except Exception as error:
                    # A package for another machine fails in many ways, and words still work.
                    raise self._none(f"it cannot be loaded: {type(error).__name__}") from error
            return self._vector

    def _none(self, why: str) -> NoModel:
        """Note that there is no model, and say so once."""
        if self._missing is None:
            self._missing = NoModel(why)
            log.error("searching by words alone, there is no model: %s", why)
        return NoModel(why)


def _is_known(sha256: str) -> bool:
    return sha256 == MODEL_SHA256


def _load(file: Path | None, sha256: str, threads: int) -> Vectors:
    """Return what embeds a text; raise NoModel, or what the packages raise."""
    model, vocabulary = model_bytes(file, sha256), tokenizer_bytes()
    if _is_known(sha256):
        model = encoder(model, signed=_may_stay_signed())
    import numpy
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(vocabulary)
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    session = _session(model, threads)
    wanted = [given.name for given in session.get_inputs()]

    def vector(text: str) -> bytes:
        readable = text[:MOST_CHARACTERS].encode("utf-8", "replace").decode()
        ids = numpy.array([tokenizer.encode(readable).ids], numpy.int64)
        given = {
            IDS: ids,
            "attention_mask": numpy.ones_like(ids),
            "token_type_ids": numpy.zeros_like(ids),
        }
        (states, *_) = session.run(None, {name: given[name] for name in wanted})
        mean = numpy.asarray(states, numpy.float32)[0].mean(axis=0)
        unit = mean / max(float(numpy.linalg.norm(mean)), 1e-12)
        scaled: bytes = numpy.clip(numpy.rint(unit * SCALE), -127, 127).astype("i1").tobytes()
        return scaled

    if len(vector("")) != MiniLm.dimensions:
        raise NoModel("its vectors have another length")
    _give_back()
    return vector


def _may_stay_signed() -> bool:
    """Return whether products of signed weights are here what those of moved ones are.

    Their sums must not overflow, and all rows be rounded to the same steps: on ARM's processors
    with SME each row of what goes in has its own.
    """
    import numpy

    rows = numpy.full((ROWS_TRIED, SUMMED), LARGEST, numpy.float32)
    rows[0] = NEXT_TO_NOTHING
    try:
        (sums,) = _session(extremes(), 1).run(None, {STATES: rows})
    except ImportError:
        raise  # Without what runs it nothing is told at all.
    except Exception as error:
        # Moved weights run wherever the network does; that says so itself where it does not.
        log.warning("signed weights were not tried: %s", type(error).__name__)
        return False
    expected = numpy.full((ROWS_TRIED, SUMMED), LARGEST * LARGEST_WEIGHT * SUMMED, numpy.float32)
    expected[0] = 0
    return numpy.array_equal(sums, expected)


def _give_back() -> None:
    """Return to the system what loading took and freed: a fifth of all, where libc is glibc."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _session(model: bytes, threads: int) -> InferenceSession:
    # The official builds tell their maker of every session, by themselves. Nothing leaves here:
    # this is read as the library starts, what is called later comes too late for the first events.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # what Windows goes by
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone
    # Otherwise what the longest text took is kept for ever, and grows with every other length.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    # Threads that wait for work would otherwise spin, on the core that answers people.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
