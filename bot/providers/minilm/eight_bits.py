"""Keeps the model's weights in the eight bits that they come in, while it runs.

The file holds whole numbers and what to multiply them by, but has floats made of all of them before
anything else: 89 MB, half of which is read for every text. Here the same graph looks words up first
and makes floats of what was found, which comes to the same, and multiplies whole numbers by whole
numbers, for which what goes in is rounded to 256 steps. Decision 21 has what that gains and costs.

Weights are moved from -127…127 to 1…255: sums of products of signed ones overflow on processors
without an instruction for them, so that a text would have other vectors there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

MICROSOFT = "com.microsoft"
"""The domain of the operations that onnxruntime adds to the standard's."""

FLOAT, UINT8, INT8 = 1, 2, 3
"""Types of elements by ONNX's numbers."""

ZERO = 128
ZERO_NAME = "segue.zero"
MOVED = bytes((value + ZERO) % 256 for value in range(256))
"""What each signed byte becomes where ``ZERO`` stands for nothing."""

LOOKED_UP, MULTIPLIED = "Gather", "MatMul"

Messages = Mapping[str, Mapping[str, tuple[int, str]]]
"""Of each message its fields: their numbers and kinds, a star for what is there many times."""

MESSAGES: Messages = {
    "Model": {"graph": (7, "Graph"), "opset_import": (8, "Opset*")},
    "Opset": {"domain": (1, "string"), "version": (2, "int64")},
    "Graph": {
        "node": (1, "Node*"),
        "initializer": (5, "Tensor*"),
        "input": (11, "Value*"),
        "output": (12, "Value*"),
    },
    "Node": {
        "input": (1, "string*"),
        "output": (2, "string*"),
        "name": (3, "string"),
        "op_type": (4, "string"),
        "attribute": (5, "Attribute*"),
        "domain": (7, "string"),
    },
    "Attribute": {"g": (6, "Graph"), "graphs": (11, "Graph*")},
    "Value": {"name": (1, "string")},
    "Tensor": {
        "dims": (1, "int64*"),
        "data_type": (2, "int32"),
        "name": (8, "string"),
        "raw_data": (9, "bytes"),
    },
}
"""What is read of ONNX's messages, by its numbers (onnx.proto). The rest goes along as it is:
protobuf keeps the fields that it was not told of."""

Message = Any
"""Protobuf makes its classes while it runs: nothing is known of them before."""


class Weights(NamedTuple):
    """A matrix of floats made of whole numbers: ``tensor``, converted by ``cast``, times ``scale``.

    ``use`` is the one way in which it is used.
    """

    tensor: Message
    scale: Message
    cast: Message
    use: str


def in_eight_bits(model: bytes) -> bytes:
    """Return a model that keeps its weights as they are; the same bytes if none are of eight bits.

    Raise protobuf's DecodeError for what is no model.
    """
    read = message_class("Model").FromString(model)
    graph = read.graph
    weights = dict(_weights(graph))
    if not weights:
        return model
    unneeded = {*weights, *(one.cast.output[0] for one in weights.values())}
    nodes = [
        kept
        for node in graph.node
        if node.output[0] not in unneeded
        for kept in _nodes(node, weights)
    ]
    del graph.node[:]
    graph.node.extend(nodes)
    for one in weights.values():
        if one.use == MULTIPLIED:
            one.tensor.data_type = UINT8
            one.tensor.raw_data = one.tensor.raw_data.translate(MOVED)
    graph.initializer.add(name=ZERO_NAME, data_type=UINT8, raw_data=bytes([ZERO]))
    if all(known.domain != MICROSOFT for known in read.opset_import):
        read.opset_import.add(domain=MICROSOFT, version=1)
    changed: bytes = read.SerializeToString()
    return changed


def _weights(graph: Message) -> Iterator[tuple[str, Weights]]:
    """Return by their names the matrices that are made of whole numbers and used in one way.

    There are none in a graph that has others in it, which may use whatever this one has.
    """
    if any(part.HasField("g") or part.graphs for node in graph.node for part in node.attribute):
        return
    seen_from_outside = {value.name for value in (*graph.input, *graph.output)}
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    used_by: defaultdict[str, list[Message]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            used_by[name].append(node)
    for node in graph.node:
        cast = made_by.get(node.input[0]) if node.op_type == "Mul" else None
        scale = tensors.get(node.input[1]) if cast is not None else None
        if cast is None or scale is None or cast.op_type != "Cast":
            continue
        whole, floats, name = cast.input[0], cast.output[0], node.output[0]
        tensor = tensors.get(whole)
        used_once = len(used_by[whole]) == len(used_by[floats]) == 1
        inside = seen_from_outside.isdisjoint((whole, floats, name))
        if tensor is not None and used_once and inside and _are_weights(tensor, scale):
            use = _use(name, used_by[name], tensor.dims, scale.dims)
            if use is not None:
                yield name, Weights(tensor, scale, cast, use)


def _are_weights(tensor: Message, scale: Message) -> bool:
    """Return whether a tensor is a matrix of eight bits, to be multiplied by floats."""
    is_matrix = tensor.data_type == INT8 and len(tensor.dims) == 2 and tensor.raw_data != b""
    return is_matrix and scale.data_type == FLOAT


def _use(
    name: str, users: Sequence[Message], dims: Sequence[int], scale: Sequence[int]
) -> str | None:
    """Return what all that use a matrix do with it, if that can be done with whole numbers."""
    rows, columns = dims
    if list(scale) == [rows, 1] and _all(users, LOOKED_UP, 0, name):
        return LOOKED_UP
    if list(scale) == [1, columns] and _all(users, MULTIPLIED, 1, name):
        return MULTIPLIED
    return None


def _all(users: Sequence[Message], operation: str, place: int, name: str) -> bool:
    return all(
        node.op_type == operation and node.input[place] == name and node.input[1 - place] != name
        for node in users
    )


def _nodes(node: Message, weights: Mapping[str, Weights]) -> Iterator[Message]:
    """Return what does the same as a node, with whole numbers if it uses such weights."""
    looked_up = weights.get(node.input[0]) if node.op_type == LOOKED_UP else None
    by = weights.get(node.input[1]) if node.op_type == MULTIPLIED else None
    if looked_up is not None:
        rows, floats, scales = (f"{node.output[0]}.{part}" for part in ("rows", "floats", "scales"))
        yield _like(node, [looked_up.tensor.name, node.input[1]], rows)
        yield _like(looked_up.cast, [rows], floats)
        yield _like(node, [looked_up.scale.name, node.input[1]], scales)
        yield type(node)(op_type="Mul", input=[floats, scales], output=node.output)
    elif by is not None:
        inputs = [node.input[0], by.tensor.name, by.scale.name, ZERO_NAME]
        yield type(node)(
            op_type="DynamicQuantizeMatMul", domain=MICROSOFT, input=inputs, output=node.output
        )
    else:
        yield node


def _like(node: Message, inputs: Sequence[str], output: str) -> Message:
    """Return a node that does what another does, with something else."""
    made = type(node)()
    made.CopyFrom(node)
    made.ClearField("name")
    made.input[:] = inputs
    made.output[:] = [output]
    return made


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
