"""Models whose weights stay whole numbers: run by the real runtime, they say what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.core.embedding import SCALE
from bot.providers.minilm.eight_bits import MESSAGES, in_eight_bits, message_class
from bot.providers.minilm.embedder import MiniLm
from bot.providers.minilm.files import MODEL_SHA256, model_bytes, tokenizer_bytes

FLOAT, INT8, INT64 = 1, 3, 7
NUMBERS = {FLOAT: np.float32, INT8: np.int8, INT64: np.int64}
WHOLE, GRAPH = 2, 5

FULL = {
    **MESSAGES,
    "Model": {**MESSAGES["Model"], "ir_version": (1, "int64")},
    "Graph": {
        **MESSAGES["Graph"],
        "name": (2, "string"),
    },
    "Attribute": {
        **MESSAGES["Attribute"],
        "name": (1, "string"),
        "i": (3, "int64"),
        "type": (20, "int32"),
    },
    "Value": {**MESSAGES["Value"], "type": (2, "Type")},
    "Type": {"tensor_type": (1, "TensorType")},
    "TensorType": {"elem_type": (1, "int32"), "shape": (2, "Shape")},
    "Shape": {"dim": (1, "Dimension*")},
    "Dimension": {"dim_value": (1, "int64")},
}
"""What it takes to make a model, and not only to change one."""

TEXTS = (
    "how do they keep the cache small",
    "nvidia",
    "Export controls on chips made the labs squeeze more out of each of them.",
    "They kneaded the dough and let it rest while the oven warmed up. " * 20,
)


class Made:
    """A model of a few nodes, written as ONNX says."""

    def __init__(self) -> None:
        self.model = message_class("Model", FULL)(ir_version=8)
        self.model.opset_import.add(version=17)
        self.model.graph.name = "made"

    def tensor(self, name: str, values: np.ndarray) -> str:
        """Add a constant."""
        kind = next(kind for kind, of in NUMBERS.items() if of == values.dtype)
        self.model.graph.initializer.add(
            name=name, data_type=kind, dims=values.shape, raw_data=values.tobytes()
        )
        return name

    def node(self, operation: str, inputs: Sequence[str], output: str, **whole: int) -> str:
        """Add an operation."""
        node = self.model.graph.node.add(op_type=operation, input=inputs, output=[output])
        for name, value in whole.items():
            node.attribute.add(name=name, i=value, type=WHOLE)
        return output

    def floats_of(self, name: str, whole: np.ndarray, scale: np.ndarray) -> str:
        """Add a matrix as the model's file has them."""
        cast = self.node("Cast", [self.tensor(f"{name}_q", whole)], f"{name}_f", to=FLOAT)
        return self.node("Mul", [cast, self.tensor(f"{name}_scale", scale)], name)

    def value(self, name: str, kind: int, shape: Sequence[int], *, given: bool) -> str:
        """Add what is given, or what comes out."""
        values = self.model.graph.input if given else self.model.graph.output
        value = values.add(name=name)
        value.type.tensor_type.elem_type = kind
        for size in shape:
            value.type.tensor_type.shape.dim.add(dim_value=size)
        return name

    def written(self) -> bytes:
        """Return the file."""
        written: bytes = self.model.SerializeToString()
        return written


def _session(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def operations(model: bytes) -> Counter[str]:
    """Return how often a model does what."""
    read = message_class("Model").FromString(model)
    return Counter(node.op_type for node in read.graph.node)


def made_of(seed: int, rows: int, columns: int, texts: int) -> tuple[bytes, dict[str, np.ndarray]]:
    """Return a model that looks rows up and multiplies them, and what to give it."""
    chance = np.random.default_rng(seed)

    def whole(*shape: int) -> np.ndarray:
        return chance.integers(-127, 128, shape, np.int8)

    def scale(*shape: int) -> np.ndarray:
        return chance.uniform(0.001, 0.1, shape).astype(np.float32)

    made = Made()
    table = made.floats_of("table", whole(rows, columns), scale(rows, 1))
    weights = made.floats_of("weights", whole(columns, 5), scale(1, 5))
    ids = made.value("ids", INT64, [texts], given=True)
    looked_up = made.node("Gather", [table, ids], "looked_up", axis=0)
    made.value(made.node("MatMul", [looked_up, weights], "told"), FLOAT, [texts, 5], given=False)
    made.value(looked_up, FLOAT, [texts, columns], given=False)
    return made.written(), {"ids": chance.integers(0, rows, texts, np.int64)}


@given(seed=st.integers(0, 2**32), rows=st.integers(1, 9), columns=st.integers(1, 9))
def test_rows_are_the_same_and_products_nearly(seed, rows, columns):
    model, given = made_of(seed, rows, columns, texts=3)
    changed = in_eight_bits(model)
    assert operations(changed)["DynamicQuantizeMatMul"] == 1
    (told, looked_up), (as_before, rows_before) = (
        _session(one).run(None, given) for one in (changed, model)
    )
    assert np.array_equal(looked_up, rows_before)
    # What goes in is rounded to 256 steps between its least and its most, zero among them.
    step = (max(looked_up.max(), 0) - min(looked_up.min(), 0)) / 255
    most = np.abs(weights_of(model)).sum(axis=0) * step
    assert (np.abs(told - as_before) <= most + 1e-4).all()


def weights_of(model: bytes) -> np.ndarray:
    """Return the floats of the matrix that is multiplied by."""
    read = message_class("Model", FULL).FromString(model)
    found = {tensor.name: tensor for tensor in read.graph.initializer}
    whole, scale = found["weights_q"], found["weights_scale"]
    floats = np.frombuffer(scale.raw_data, np.float32).reshape(scale.dims)
    matrix: np.ndarray = np.frombuffer(whole.raw_data, np.int8).reshape(whole.dims) * floats
    return matrix


def test_nothing_is_left_to_change():
    model, _ = made_of(1, 4, 6, texts=3)
    changed = in_eight_bits(model)
    assert changed != model
    assert in_eight_bits(changed) == changed


def used_twice(made: Made, floats: str) -> str:
    ids = made.tensor("ids", np.array([0, 1, 2, 0], np.int64))
    return made.node("MatMul", [made.node("Gather", [floats, ids], "rows", axis=0), floats], "both")


def multiplied(made: Made, floats: str) -> str:
    return made.node("MatMul", ["given", floats], "told")


def multiplied_from_the_other_side(made: Made, floats: str) -> str:
    return made.node("MatMul", [floats, made.node("Transpose", ["given"], "turned")], "told")


def multiplied_by_itself(made: Made, floats: str) -> str:
    return made.node("MatMul", [floats, floats], "told")


def whole_numbers_used_too(made: Made, floats: str) -> str:
    other = made.node("Cast", ["weights_q"], "as_floats", to=FLOAT)
    return made.node("MatMul", [made.node("MatMul", ["given", floats], "once"), other], "told")


def unscaled_used_too(made: Made, floats: str) -> str:
    once = made.node("MatMul", ["given", floats], "once")
    return made.node("MatMul", [once, "weights_f"], "told")


def looked_up_by_column(made: Made, floats: str) -> str:
    return made.node("Gather", [floats, made.tensor("ids", np.array([2], np.int64))], "x", axis=0)


def multiplied_and_told(made: Made, floats: str) -> str:
    made.value(floats, FLOAT, [4, 4], given=False)
    return multiplied(made, floats)


def multiplied_and_given(made: Made, floats: str) -> str:
    made.value("weights_q", INT8, [4, 4], given=True)
    return multiplied(made, floats)


def multiplied_beside_a_graph(made: Made, floats: str) -> str:
    made.node("If", ["whether"], "either")
    branch = made.model.graph.node[-1].attribute.add(name="then_branch", type=GRAPH).g
    branch.node.add(op_type="Cast", input=["weights_q"], output=["seen"])
    return multiplied(made, floats)


@pytest.mark.parametrize(
    ("use", "scale"),
    [
        (used_twice, (1, 4)),
        (multiplied, (4, 1)),
        (multiplied, (1, 1)),
        (multiplied, (4, 4)),
        (multiplied_from_the_other_side, (1, 4)),
        (multiplied_by_itself, (1, 4)),
        (whole_numbers_used_too, (1, 4)),
        (unscaled_used_too, (1, 4)),
        (multiplied_and_told, (1, 4)),
        (multiplied_and_given, (1, 4)),
        (multiplied_beside_a_graph, (1, 4)),
        (looked_up_by_column, (1, 4)),
    ],
)
def test_other_ways_to_use_weights_are_left_as_they_are(use, scale):
    chance = np.random.default_rng(3)
    made = Made()
    made.value("given", FLOAT, [2, 4], given=True)
    whole = chance.integers(-127, 128, (4, 4), np.int8)
    floats = made.floats_of("weights", whole, chance.uniform(0.1, 1, scale).astype(np.float32))
    made.value(use(made, floats), FLOAT, [], given=False)
    model = made.written()
    assert in_eight_bits(model) == model


def test_model_of_floats_is_left_as_it_is():
    made = Made()
    made.value("given", FLOAT, [1, 2], given=True)
    weights = made.tensor("weights", np.eye(2, dtype=np.float32))
    made.value(made.node("MatMul", ["given", weights], "told"), FLOAT, [1, 2], given=False)
    model = made.written()
    assert in_eight_bits(model) is model
    (told,) = _session(model).run(None, {"given": np.ones((1, 2), np.float32)})
    assert told.tolist() == [[1, 1]]


def test_every_matrix_of_the_real_model_stays_and_texts_mean_what_they_meant():
    model = model_bytes(None, MODEL_SHA256)
    changed = in_eight_bits(model)
    # Six layers of six matrices, and two tables that are looked up: pieces of words, and places.
    assert operations(changed)["DynamicQuantizeMatMul"] == 36
    assert operations(model)["Cast"] - operations(changed)["Cast"] == 36
    tokenizer = Tokenizer.from_buffer(tokenizer_bytes())
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    as_it_comes = _session(model)
    for text, vector in zip(TEXTS, MiniLm().embed(TEXTS), strict=True):
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        states = as_it_comes.run(None, {**given, "token_type_ids": np.zeros_like(ids)})[0]
        mean = states[0].mean(axis=0)
        cosine = np.frombuffer(vector, np.int8) @ mean / SCALE / np.linalg.norm(mean)
        assert cosine > 0.98
