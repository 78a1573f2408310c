"""The description of a loaded model, from its file's metadata."""

from __future__ import annotations

from .base import Description
from .gguf import Gguf
from .vocabulary import Vocabulary


def describe(
    gguf: Gguf, vocabulary: Vocabulary, context_length: int, capabilities: frozenset[str]
) -> Description:
    """What a server needs to know; long arrays of the metadata are left out."""
    scalars = {key: value for key, value in gguf.metadata.items() if not isinstance(value, list)}
    return Description(
        architecture=gguf.architecture,
        context_length=context_length,
        vocabulary_size=len(vocabulary.texts),
        chat_template=scalars.get("tokenizer.chat_template"),
        bos=vocabulary.text_of(vocabulary.bos),
        eos=vocabulary.text_of(vocabulary.eos),
        capabilities=capabilities,
        control=vocabulary.control,
        metadata=scalars,
    )
