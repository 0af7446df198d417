"""The model's network from the weights of its file, in as few and as quick steps as there are.

The file keeps its weights as whole numbers of eight bits, but makes floats of all of them before
anything else, 89 MB, and spells each step of its network out: 385 of them, here 72. The weights of
words and layers stay as they are. Rows of words are looked up first, and floats made of what was
found; products are of whole numbers, for which what goes in is rounded to 256 steps; and attention,
the normalisation of a sum and the activation are one step each. Decision 21 has what that gains and
costs.

Sums of products of signed weights overflow on processors without an instruction for them, so that
a text would have other vectors there. Where they do (``extremes`` tells), weights are moved from
-127…127 to 1…255: the same sums, exactly, but without that instruction where there is one.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

NETWORK = "int8 fused"
"""Part of the model's name: other steps give other vectors, if only in their last digits."""

HEADS, EPSILON = 12, 1e-12
"""Heads of attention, and what is added to a variance: the model's published configuration."""

MATRICES_OF_LAYER = 6
"""In the file's order: query, key, value and output of attention, then the two of the feed-forward
part."""

IDS, STATES = "input_ids", "last_hidden_state"
"""What is given, pieces of words by their numbers, and what comes out, a vector for each."""

ONNX, MICROSOFT = "", "com.microsoft"
"""The domains of operations: the standard's, and those that onnxruntime adds."""

FLOAT, UINT8, INT8, INT64 = 1, 2, 3, 7
"""Types of elements by ONNX's numbers."""

IS_FLOAT, IS_WHOLE = 1, 2
"""Types of attributes by ONNX's numbers."""

ZERO = 128
MOVED = bytes((value + ZERO) % 256 for value in range(256))
"""What each signed byte becomes where ``ZERO`` stands for nothing."""

LARGEST, LARGEST_WEIGHT, SUMMED = 255, 127, 384
"""What is multiplied in ``extremes``, and how many products are added: as many as in most of the
network, and few enough for a float to hold their sum exactly."""

IR_VERSION, OPSET = 8, 17
"""What a model of one's own is written in: ONNX 1.12, which every runtime since 2022 reads."""

Messages = Mapping[str, Mapping[str, tuple[int, str]]]
"""Of each message its fields: their numbers and kinds, a star for what is there many times."""

MESSAGES: Messages = {
    "Model": {
        "ir_version": (1, "int64"),
        "graph": (7, "Graph"),
        "opset_import": (8, "Opset*"),
    },
    "Opset": {"domain": (1, "string"), "version": (2, "int64")},
    "Graph": {
        "node": (1, "Node*"),
        "name": (2, "string"),
        "initializer": (5, "Tensor*"),
        "input": (11, "Value*"),
        "output": (12, "Value*"),
    },
    "Node": {
        "input": (1, "string*"),
        "output": (2, "string*"),
        "op_type": (4, "string"),
        "attribute": (5, "Attribute*"),
        "domain": (7, "string"),
    },
    "Attribute": {
        "name": (1, "string"),
        "f": (2, "float"),
        "i": (3, "int64"),
        "type": (20, "int32"),
    },
    "Value": {"name": (1, "string"), "type": (2, "Type")},
    "Type": {"tensor": (1, "TensorType")},
    "TensorType": {"element": (1, "int32")},
    "Tensor": {
        "dims": (1, "int64*"),
        "data_type": (2, "int32"),
        "name": (8, "string"),
        "raw_data": (9, "bytes"),
    },
}
"""What is used of ONNX's messages, by its numbers (onnx.proto). The rest goes along as it is:
protobuf keeps the fields that it was not told of."""

Message = Any
"""Protobuf makes its classes while it runs: nothing is known of them before."""


def encoder(model: bytes, *, signed: bool = False) -> bytes:
    """Return a model that tells from ``IDS`` what the known file tells of one text.

    The file must be that one (``files.MODEL_SHA256``): matrices are found by their order, all other
    tensors by their names. ``signed`` is whether weights stay signed.
    """
    read = message_class("Model").FromString(model)
    _Network(read.graph, signed=signed).build()
    read.opset_import.add(domain=MICROSOFT, version=1)
    built: bytes = read.SerializeToString()
    return built


def extremes() -> bytes:
    """Return a model of one product, of ``STATES`` by signed weights that are all the largest.

    Of rows of ``SUMMED`` times ``LARGEST`` it makes ``LARGEST * LARGEST_WEIGHT * SUMMED`` wherever
    sums do not overflow.
    """
    made = message_class("Model")(ir_version=IR_VERSION)
    made.graph.name = "extremes"
    made.opset_import.add(version=OPSET)
    made.opset_import.add(domain=MICROSOFT, version=1)
    tensors = made.graph.initializer
    square = [SUMMED, SUMMED]
    weights = bytes([LARGEST_WEIGHT]) * SUMMED**2
    tensors.add(name="weights", data_type=INT8, raw_data=weights, dims=square)
    tensors.add(name="scale", data_type=FLOAT, raw_data=struct.pack("<f", 1.0))
    tensors.add(name="zero", data_type=INT8, raw_data=bytes(1))
    made.graph.node.add(
        op_type="DynamicQuantizeMatMul",
        domain=MICROSOFT,
        input=[STATES, "weights", "scale", "zero"],
        output=["sums"],
    )
    for values, name in ((made.graph.input, STATES), (made.graph.output, "sums")):
        values.add(name=name).type.tensor.element = FLOAT
    written: bytes = made.SerializeToString()
    return written


class _Network:
    """A graph with the weights of the file, and the steps that are added to it one by one."""

    def __init__(self, graph: Message, *, signed: bool) -> None:
        self._graph = graph
        self._signed = signed
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self._matrices = [
            name.removesuffix("_q")
            for name in self._tensors
            if name.startswith("val_") and name.endswith("_q")
        ]

    def build(self) -> None:
        """Put the steps of the whole network in the place of those that are there."""
        del self._graph.node[:]
        states = self._embedded()
        for layer in range(len(self._matrices) // MATRICES_OF_LAYER):
            states = self._layer(layer, states)
        self._graph.node[-1].output[:] = [STATES]
        self._keep(
            self._graph.initializer, {name for node in self._graph.node for name in node.input}
        )
        self._keep(self._graph.input, {IDS})
        self._keep(self._graph.output, {STATES})

    def _embedded(self) -> str:
        """Add what each piece is by itself and by its place; all are of the first kind of text."""
        names = "inner.embeddings."
        words, places = f"{names}word_embeddings.weight", f"{names}position_embeddings.weight"
        pieces = self._floats(
            self._step("Gather", [f"{words}_q", IDS]), self._step("Gather", [f"{words}_scale", IDS])
        )
        first = self._constant("first", INT64, bytes(8), [1])
        kind = self._step("Gather", [f"{names}token_type_embeddings.weight", first])
        every_place = self._step("Add", [self._floats(f"{places}_q", f"{places}_scale"), kind])
        length = self._step("Shape", [IDS], start=1)
        placed = self._step("Slice", [every_place, first, length, first])
        summed = self._step("Add", [pieces, placed])
        return self._step("LayerNormalization", [summed, *_normal(names)], epsilon=EPSILON)

    def _layer(self, number: int, states: str) -> str:
        """Add a layer: what each piece takes from the others, and what it makes of that."""
        names = f"inner.encoder.layer.{number}."
        first = number * MATRICES_OF_LAYER
        query, key, value, output, widened, narrowed = self._matrices[
            first : first + MATRICES_OF_LAYER
        ]
        asked = [
            self._product(states, matrix, f"{names}attention.self.{part}.bias")
            for matrix, part in ((query, "query"), (key, "key"), (value, "value"))
        ]
        attended = self._step("MultiHeadAttention", asked, MICROSOFT, num_heads=HEADS)
        gained = self._product(attended, output, f"{names}attention.output.dense.bias")
        states = self._sum(gained, states, f"{names}attention.output.")
        wide = self._product(states, widened, f"{names}intermediate.dense.bias")
        active = self._step("Gelu", [wide], MICROSOFT)
        made = self._product(active, narrowed, f"{names}output.dense.bias")
        return self._sum(made, states, f"{names}output.")

    def _product(self, states: str, matrix: str, bias: str) -> str:
        """Multiply by a matrix in eight bits, and add a bias."""
        weights = self._tensors[f"{matrix}_q"]
        if self._signed:
            zero = self._constant("zero", INT8, bytes(1))
        else:
            weights.data_type = UINT8
            weights.raw_data = weights.raw_data.translate(MOVED)
            zero = self._constant("zero", UINT8, bytes([ZERO]))
        inputs = [states, weights.name, f"{matrix}_scale", zero, bias]
        return self._step("DynamicQuantizeMatMul", inputs, MICROSOFT)

    def _sum(self, made: str, states: str, names: str) -> str:
        """Add what a layer made to what it was made of, and bring the sum to one scale."""
        inputs = [made, states, *_normal(names)]
        return self._step("SkipLayerNormalization", inputs, MICROSOFT, epsilon=EPSILON)

    def _floats(self, whole: str, scale: str) -> str:
        return self._step("Mul", [self._step("Cast", [whole], to=FLOAT), scale])

    def _constant(self, name: str, kind: int, data: bytes, shape: Sequence[int] = ()) -> str:
        name = f"segue.{name}"
        if name not in self._tensors:
            self._tensors[name] = self._graph.initializer.add(
                name=name, data_type=kind, raw_data=data, dims=shape
            )
        return name

    def _step(
        self, operation: str, inputs: Sequence[str], domain: str = ONNX, **attributes: float
    ) -> str:
        """Add a step, and return the name of what comes out of it."""
        output = f"segue.{len(self._graph.node)}"
        node = self._graph.node.add(op_type=operation, domain=domain, input=inputs, output=[output])
        for name, value in attributes.items():
            if isinstance(value, int):
                node.attribute.add(name=name, type=IS_WHOLE, i=value)
            else:
                node.attribute.add(name=name, type=IS_FLOAT, f=value)
        return output

    def _keep(self, messages: Message, names: set[str]) -> None:
        for place in reversed(range(len(messages))):
            if messages[place].name not in names:
                del messages[place]


def _normal(names: str) -> list[str]:
    """Return the names of a normalisation's scale and bias."""
    return [f"{names}LayerNorm.weight", f"{names}LayerNorm.bias"]


def message_class(wanted: str, messages: Messages = MESSAGES) -> Message:
    """Return the class that reads and writes one of the messages."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="segue/model.proto", package="segue")
    for name, parts in messages.items():
        message = file.message_type.add(name=name)
        for part, (number, kind) in parts.items():
            field = message.field.add(name=part, number=number, label=kinds.LABEL_OPTIONAL)
            if kind.endswith("*"):
                field.label = kinds.LABEL_REPEATED
                kind = kind.removesuffix("*")
            if kind in messages:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".segue.{kind}"
            else:
                field.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"segue.{wanted}"))
