"""The network that is built from the file's weights: run by the real runtime, it says the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from bot.core.embedding import SCALE
from bot.providers.minilm import embedder
from bot.providers.minilm import encoder as network
from bot.providers.minilm.embedder import MiniLm
from bot.providers.minilm.encoder import (
    FLOAT,
    IDS,
    INT8,
    INT64,
    IS_WHOLE,
    LARGEST,
    LARGEST_WEIGHT,
    MESSAGES,
    STATES,
    SUMMED,
    UINT8,
    encoder,
    extremes,
    message_class,
)
from bot.providers.minilm.files import MODEL_SHA256, model_bytes, tokenizer_bytes

FULL = {
    **MESSAGES,
    "TensorType": {**MESSAGES["TensorType"], "shape": (2, "Shape")},
    "Shape": {"dim": (1, "Dimension*")},
    "Dimension": {"dim_value": (1, "int64"), "dim_param": (2, "string")},
}
"""What it takes to make a model of tensors with so many dimensions."""

TEXTS = (
    "how do they keep the cache small",
    "nvidia",
    "",
    "Export controls on chips made the labs squeeze more out of each of them.",
    "They kneaded the dough and let it rest while the oven warmed up. " * 20,
)


@pytest.fixture(scope="module")
def model() -> bytes:
    return model_bytes(None, MODEL_SHA256)


@pytest.fixture(scope="module")
def as_it_comes(model) -> Any:
    return _session(model)


def _session(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _ids(text: str) -> np.ndarray:
    tokenizer = Tokenizer.from_buffer(tokenizer_bytes())
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    return np.array([tokenizer.encode(text).ids], np.int64)


def _states(session: Any, ids: np.ndarray) -> np.ndarray:
    """Return a vector for each piece of a text, by a model as it comes."""
    given = {IDS: ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    states: np.ndarray = session.run(None, given)[0]
    return states


def _cosine(vector: bytes, mean: np.ndarray) -> float:
    return float(np.frombuffer(vector, np.int8) @ mean / SCALE / np.linalg.norm(mean))


def _with_products_of_floats(model: bytes) -> bytes:
    """Return a built model that rounds nothing before it multiplies."""
    read = message_class("Model").FromString(model)
    nodes, graph = [*read.graph.node], read.graph
    del graph.node[:]
    for node in nodes:
        if node.op_type != "DynamicQuantizeMatMul":
            graph.node.append(node)
            continue
        states, weights, scale, zero, bias = node.input
        floats, nothing, moved, scaled, product = (f"{node.output[0]}.{n}" for n in range(5))
        for whole, name in ((weights, floats), (zero, nothing)):
            cast = graph.node.add(op_type="Cast", input=[whole], output=[name])
            cast.attribute.add(name="to", i=FLOAT, type=IS_WHOLE)
        graph.node.add(op_type="Sub", input=[floats, nothing], output=[moved])
        graph.node.add(op_type="Mul", input=[moved, scale], output=[scaled])
        graph.node.add(op_type="MatMul", input=[states, scaled], output=[product])
        graph.node.add(op_type="Add", input=[product, bias], output=node.output)
    changed: bytes = read.SerializeToString()
    return changed


def test_network_is_the_same_but_for_what_is_rounded(model, as_it_comes):
    built = _session(_with_products_of_floats(encoder(model)))
    for text in TEXTS:
        ids = _ids(text)
        states = built.run([STATES], {IDS: ids})[0]
        assert states.shape == (1, ids.shape[1], MiniLm.dimensions)
        assert np.abs(states - _states(as_it_comes, ids)).max() < 1e-4


def test_texts_mean_what_they_meant(as_it_comes):
    for text, vector in zip(TEXTS, MiniLm().embed(TEXTS), strict=True):
        mean = _states(as_it_comes, _ids(text))[0].mean(axis=0)
        assert _cosine(vector, mean) > 0.98


def test_each_layer_is_ten_steps_and_only_pieces_are_given(model):
    built = message_class("Model").FromString(encoder(model)).graph
    done = Counter(node.op_type for node in built.node)
    assert done["DynamicQuantizeMatMul"] == 36
    assert done["MultiHeadAttention"] == done["Gelu"] == 6
    assert done["SkipLayerNormalization"] == 12
    assert len(built.node) == 6 * 10 + 12
    assert [given.name for given in built.input] == [IDS]
    assert [told.name for told in built.output] == [STATES]


def test_every_weight_is_used_and_no_matrix_is_held_as_floats(model):
    built = message_class("Model").FromString(encoder(model)).graph
    used = {name for node in built.node for name in node.input}
    assert {tensor.name for tensor in built.initializer} <= used
    kinds = ("_q", "_scale", ".bias", ".weight")
    names = [tensor.name for tensor in message_class("Model").FromString(model).graph.initializer]
    assert {name for name in names if name.endswith(kinds)} <= used
    floats = [len(one.raw_data) for one in built.initializer if one.data_type == FLOAT]
    assert max(floats) == 4 * 30_522  # a scale for each row of the table of words


def _weights(model: bytes) -> list[np.ndarray]:
    """Return the matrices of a model's products, as whole numbers."""
    graph = message_class("Model").FromString(model).graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    kinds = {INT8: np.int8, UINT8: np.uint8}
    return [
        np.frombuffer(tensors[matrix].raw_data, kinds[tensors[matrix].data_type]).astype(int)
        - np.frombuffer(tensors[zero].raw_data, kinds[tensors[zero].data_type]).astype(int)
        for node in graph.node
        if node.op_type == "DynamicQuantizeMatMul"
        for _, matrix, _, zero, *_ in [node.input]
    ]


def test_moved_weights_stand_for_the_signed_ones(model):
    signed, moved = _weights(encoder(model, signed=True)), _weights(encoder(model))
    assert len(signed) == 36
    assert {int(np.abs(one).max()) for one in signed} == {LARGEST_WEIGHT}
    for one, other in zip(signed, moved, strict=True):
        assert (one == other).all()


def test_text_has_the_same_bytes_however_weights_are_handed_over(monkeypatch):
    # Where sums overflow both are moved; a processor whose sums are exact can tell.
    usual = MiniLm().embed(TEXTS)
    monkeypatch.setattr(embedder, "_may_stay_signed", lambda: False)
    assert MiniLm().embed(TEXTS) == usual


@pytest.mark.parametrize("may", [True, False])
def test_weights_stay_signed_only_where_they_may(monkeypatch, may):
    built: list[bool] = []

    def noted(model: bytes, *, signed: bool) -> bytes:
        built.append(signed)
        return encoder(model, signed=signed)

    monkeypatch.setattr(embedder, "encoder", noted)
    monkeypatch.setattr(embedder, "_may_stay_signed", lambda: may)
    MiniLm().embed([TEXTS[0]])
    assert built == [may]


def test_sums_of_the_largest_products_are_whole_or_known_to_overflow(monkeypatch):
    rows = np.full((3, SUMMED), LARGEST, np.float32)
    rows[0] = embedder.NEXT_TO_NOTHING
    sums = _session(extremes()).run(None, {STATES: rows})[0]
    assert sums.shape == (3, SUMMED)
    whole = [[0], [LARGEST * LARGEST_WEIGHT * SUMMED], [LARGEST * LARGEST_WEIGHT * SUMMED]]
    assert embedder._may_stay_signed() == bool((sums == whole).all())
    # What overflows comes out smaller, as this does.
    monkeypatch.setattr(network, "LARGEST_WEIGHT", LARGEST_WEIGHT - 1)
    assert not embedder._may_stay_signed()


def test_small_row_that_is_rounded_by_itself_is_known(monkeypatch):
    # With half a step or more it comes out as something, as with steps of its own.
    monkeypatch.setattr(embedder, "NEXT_TO_NOTHING", 0.6)
    assert not embedder._may_stay_signed()


def test_weights_are_moved_where_signed_ones_cannot_be_tried(monkeypatch, caplog):
    usual = MiniLm().embed(TEXTS)
    monkeypatch.setattr(embedder, "extremes", lambda: b"no model")
    assert MiniLm().embed(TEXTS) == usual
    assert "signed weights were not tried" in caplog.text


def test_another_file_that_asks_for_a_mask_is_given_it(model, as_it_comes, tmp_path):
    file = tmp_path / "other.onnx"
    file.write_bytes(model + b"\x12\x01x")  # the name of another producer
    other = MiniLm(file, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    (vector,) = other.embed([TEXTS[0]])
    mean = _states(as_it_comes, _ids(TEXTS[0]))[0].mean(axis=0)
    assert _cosine(vector, mean) > 0.99


def test_another_file_that_asks_for_less_is_run_as_it_is(tmp_path):
    made = message_class("Model", FULL)(ir_version=8)
    made.opset_import.add(version=17)
    made.graph.name = "made"
    table = np.random.default_rng(1).normal(size=(30_522, MiniLm.dimensions)).astype(np.float32)
    made.graph.initializer.add(
        name="table", data_type=FLOAT, dims=table.shape, raw_data=table.tobytes()
    )
    made.graph.node.add(op_type="Gather", input=["table", IDS], output=[STATES])
    for values, name, kind, size in (
        (made.graph.input, IDS, INT64, ()),
        (made.graph.output, STATES, FLOAT, (MiniLm.dimensions,)),
    ):
        value = values.add(name=name)
        value.type.tensor.element = kind
        for dimension in ("texts", "pieces"):
            value.type.tensor.shape.dim.add(dim_param=dimension)
        for dimension in size:
            value.type.tensor.shape.dim.add(dim_value=dimension)
    file = tmp_path / "other.onnx"
    file.write_bytes(made.SerializeToString())
    other = MiniLm(file, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    (vector,) = other.embed([TEXTS[0]])
    mean = table[_ids(TEXTS[0])[0]].mean(axis=0)
    assert _cosine(vector, mean) > 0.99
