"""Which of the GGUF files of a repository is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..download import NotThereError, RefusedError
from ..names import TAG

PREFERRED = "Q4_K_M"
_KIND = re.compile(
    r"(?:^|[-._])((?:UD-)?(?:I?Q\d(?:_[A-Z0-9]+)*|TQ\d_\d|MXFP4(?:_MOE)?|BF16|F16|F32))$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"-\d{5}-of-(\d{5})$")


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A file of a repository: path, length, and its sha256 in hexadecimal where that is known."""

    path: str
    size: int
    sha256: str | None
    version: str

    @property
    def stem(self) -> str:
        """The last part of the path, without ``.gguf``."""
        return PurePosixPath(self.path).stem

    @property
    def kind(self) -> str:
        """How its weights are stored, by its name; the whole name where that does not say it."""
        found = _KIND.search(_SPLIT.sub("", self.stem))
        return found[1].upper() if found else self.stem

    @property
    def split(self) -> bool:
        """Whether it is one of several that are one model together."""
        return _SPLIT.search(self.stem) is not None


def models(files: Sequence[RepositoryFile]) -> list[RepositoryFile]:
    """The language models."""
    return [
        file
        for file in files
        if file.path.lower().endswith(".gguf")
        and "mmproj" not in file.stem.lower()
        and "imatrix" not in file.stem.lower()
    ]


def projector(files: Sequence[RepositoryFile]) -> RepositoryFile | None:
    """The file that reads pictures, in F16 if there are several."""
    found = [file for file in files if file.path.endswith(".gguf") and "mmproj" in file.stem]
    return min(found, key=lambda file: (file.kind != "F16", file.path), default=None)


def choose(files: Sequence[RepositoryFile], tag: str, repository: str) -> RepositoryFile:
    """The model of a tag: its quantisation, or the name of its file.

    Raises NotThereError that lists what there is, and RefusedError for a split model.
    """
    there = models(files)
    wanted = PREFERRED if tag == TAG else tag
    found = [
        file
        for file in there
        if wanted.upper() in (file.kind.upper(), file.stem.upper(), f"{file.stem}.GGUF".upper())
    ]
    if not found and tag == TAG:
        found = there
    if any(file.split for file in found):
        msg = (
            f"{found[0].path} is one of several files of one model, which is not supported. "
            "llama.cpp's llama-gguf-split --merge makes one file of them."
        )
        raise RefusedError(msg)
    if len(found) == 1:
        return found[0]
    if not there:
        msg = f"{repository} has no GGUF file."
        raise NotThereError(msg)
    what = "no file" if not found else "more than one file"
    meant = f"for {wanted}" if tag != TAG or found != there else "that is the usual one"
    msg = (
        f"{repository} has {what} {meant}. Pull {repository}:WHICH, where WHICH is one of: "
        f"{', '.join(_labels(found or there))}."
    )
    raise NotThereError(msg)


def _labels(files: Sequence[RepositoryFile]) -> list[str]:
    """What tells files apart, as short as possible."""
    kinds = {file.kind for file in files}
    return sorted(kinds if len(kinds) == len(files) else {file.stem for file in files})
