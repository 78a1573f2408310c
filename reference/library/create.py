"""New models from Modelfiles: other settings over the files of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ...backends import BackendError, ModelFiles
from ...backends.gguf import Gguf, check_model, read
from .blobs import Blobs
from .errors import BadNameError, NoSuchModelError, UnknownTemplateError
from .gotemplate import chat_template
from .instructions import Word
from .library import Library
from .manifest import ADAPTER, PROJECTOR, WEIGHTS, Part
from .model import Model
from .modelfile import Modelfile
from .names import Name, parse
from .packing import assembled, kept
from .settings import Settings, keep

CLIP = "clip"
"""The architecture of files that read images."""
CONVERT = (
    "Convert it to a GGUF file first, for example with llama.cpp's convert_hf_to_gguf.py, and "
    "name that file."
)
MERGE = (
    "Merge it into the model's weights first, for example with llama.cpp's llama-export-lora, and "
    "name the merged file with FROM."
)


@dataclass(frozen=True, slots=True)
class Created:
    """A new model, and what its maker should know."""

    model: Model
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Base:
    """What a model begins with."""

    model: Model
    gguf: Gguf
    projector: Path | None = None
    """A new one, in place of the model's own."""


def create(library: Library, name: str, modelfile: Modelfile, folder: Path | None) -> Created:
    """Make a model in our own store; paths in the Modelfile are relative to a folder.

    Without a folder FROM can name models only, as is right for Modelfiles from a network.
    Raises ModelfileError, with the place, for what cannot be followed, and BadNameError.
    """
    target = parse(name)
    if modelfile.adapters:
        msg = f"ADAPTER is not supported: no engine here has adapters. {MERGE}"
        raise modelfile.adapters[0].place.wrong(msg)
    _check_template(modelfile)
    base = _base(library, target, modelfile.sources, folder)
    settings = base.model.settings.merged(modelfile.settings)
    with library.own.writing() as writer:
        layers = [*_files(writer.blobs, base), *keep(writer.blobs, settings)]
        writer.commit(target, assembled(writer.blobs, base.gguf, layers))
    return Created(library.find(name), tuple(_notes(modelfile, settings, base.gguf)))


def _check_template(modelfile: Modelfile) -> None:
    if modelfile.template and modelfile.settings.template:
        try:
            chat_template(modelfile.settings.template)
        except UnknownTemplateError as error:
            raise modelfile.template.wrong(str(error)) from error


def _base(library: Library, target: Name, sources: tuple[Word, ...], folder: Path | None) -> _Base:
    base: _Base | None = None
    projector: Path | None = None
    for source in sources:
        path = _path(source, folder) if folder else None
        if path is None:
            found = _named(library, source)
        else:
            gguf = _checked(source, path)
            if gguf.architecture == CLIP and projector is None:
                projector = path
                continue
            found = _Base(Model(target, ModelFiles(path), 0), gguf)
        if base is not None:
            msg = "FROM names a second model; beside the model there may be one projector."
            raise source.place.wrong(msg)
        base = found
    if base is None:
        msg = "FROM names a projector only; name the language model that it belongs to, too."
        raise sources[0].place.wrong(msg)
    return replace(base, projector=projector)


def _path(source: Word, folder: Path) -> Path | None:
    """The file that FROM names, None where it names a model."""
    try:
        path = folder / Path(source.text).expanduser()
        found, is_folder = path.is_file(), path.is_dir()
    except (OSError, RuntimeError):  # too long for a path, or the home of nobody
        return None
    if is_folder and _looks_like_a_path(source.text, path):
        msg = f"{source.text!r} is a folder, of safetensors perhaps. {CONVERT}"
        raise source.place.wrong(msg)
    return path if found else None


def _looks_like_a_path(text: str, path: Path) -> bool:
    return text.startswith((".", "/", "~", "\\")) or any(path.glob("*.safetensors"))


def _checked(source: Word, path: Path) -> Gguf:
    try:
        gguf = read(path)
        if gguf.architecture != CLIP:
            check_model(gguf)
    except BackendError as error:
        raise source.place.wrong(f"{source.text!r} cannot be used. {error}") from error
    return gguf


def _named(library: Library, source: Word) -> _Base:
    try:
        model = library.find(source.text)
    except BadNameError as error:
        msg = f"{source.text!r} is no file here, and cannot be the name of a model."
        raise source.place.wrong(msg) from error
    except NoSuchModelError as error:
        msg = (
            f"{source.text!r} is no file here, and no model of this name either. "
            "`openai-reference list` shows the models there are."
        )
        raise source.place.wrong(msg) from error
    if model.stored and model.stored.manifest.first(ADAPTER):
        msg = f"{source.text!r} has an adapter, and no engine here has adapters. {MERGE}"
        raise source.place.wrong(msg)
    return _Base(model, _checked(source, model.files.model))


def _files(blobs: Blobs, base: _Base) -> Iterator[Part]:
    """Keep the weights and the projector."""
    files, stored = base.model.files, base.model.stored
    old = None if base.projector else files.projector
    if stored is None:
        yield kept(blobs, WEIGHTS, files.model)
        if old:
            yield kept(blobs, PROJECTOR, old)
    else:
        for part in stored.manifest.layers:
            if part.media_type == WEIGHTS or (part.media_type == PROJECTOR and old):
                blobs.put_file(stored.blobs.path(part.digest), part.digest)
                yield part
    if base.projector:
        yield kept(blobs, PROJECTOR, base.projector)


def _notes(modelfile: Modelfile, settings: Settings, gguf: Gguf) -> Iterator[str]:
    if modelfile.idle:
        yield f"Kept, but without effect here: {', '.join(modelfile.idle)}."
    trained, asked = gguf.get("{arch}.context_length"), settings.parameters.get("num_ctx")
    if isinstance(asked, int) and isinstance(trained, int) and asked > trained:
        yield (
            f"The context of {asked} tokens is longer than the {trained} that the model has "
            "learnt with: what it writes beyond these may make no sense."
        )
