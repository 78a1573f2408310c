"""The backend interface: how text is made, step by step, without HTTP or OpenAI shapes.

One loop drives a backend: requests are submitted, and every `Backend.step` moves all of
them a little and reports what happened. A backend that runs one request at a time
derives from `openai_compat.backends.sequential.SequentialBackend` instead and writes a
plain generator. Everything here can be pickled, and nothing here needs an engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

from .errors import BackendError

RequestId = int
FinishReason = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where a model lies: its weights and, for images, its projector."""

    model: Path
    projector: Path | None = None


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a model is loaded; None leaves the choice to the file or to the backend."""

    context_length: int | None = None
    """Tokens of prompt and answer of one request."""
    parallel: int = 1
    """Requests that may run at the same time, where the backend can."""
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a prompt; ``special`` tells whether special tokens in it are meant as such."""

    text: str
    special: bool = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of a prompt, taken as they are."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded image (PNG, JPEG or WebP) at its place in a prompt."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Infill:
    """A gap between two texts, to be asked for with the model's own infill tokens."""

    prefix: str
    suffix: str


PromptPart = Text | Tokens | Image | Infill


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a token is chosen from the logits; the defaults leave the logits as they are."""

    temperature: float = 1.0
    """0 takes the likeliest token."""
    top_p: float = 1.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    """-100 bans a token, 100 forces it."""
    seed: int | None = None
    top_k: int = 0
    """How many of the likeliest tokens are drawn from; 0, or less, is all."""
    min_p: float = 0.0
    """The least probability of a token that is drawn from, as a part of the likeliest one's."""
    typical_p: float = 1.0
    """The share of tokens that are drawn from, those first that surprise as much as is usual."""
    repeat_penalty: float = 1.0
    """Makes tokens of the prompt and the answer less likely, where it is above 1."""
    repeat_last_n: int = 64
    """How far back that looks, in tokens; -1 sees everything."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What the answer has to be: any JSON object, JSON of a schema, or a Lark grammar."""

    kind: Literal["json_object", "json_schema", "grammar"]
    value: Any = None
    special: tuple[str, ...] = ()
    """Texts of control tokens that a grammar names ``special_0``, ``special_1`` and so on; they
    become part of the answer's text."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One request for text."""

    prompt: tuple[PromptPart, ...]
    sampling: Sampling = Sampling()
    max_tokens: int | None = None
    """None goes on until the model ends or the context is full."""
    stop: tuple[str, ...] = ()
    constraint: Constraint | None = None
    logprobs: int | None = None
    """How many alternatives to report for each token; None reports no log-probabilities."""
    echo: bool = False
    """Whether the text begins with the prompt's, and the prompt's tokens have log-probabilities
    too. Not for images and gaps."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request; ``cached_tokens`` of the prompt were not evaluated again."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """One chosen token, or one alternative: its bytes and natural log-probability.

    Before the first token of an echoed prompt there is nothing that it could follow from: None.
    """

    token: int
    piece: bytes
    logprob: float | None
    top: tuple[TokenLogprob, ...] = ()


@dataclass(frozen=True, slots=True)
class TextEvent:
    """New text of a request, never cut within a character."""

    id: RequestId
    text: str
    logprobs: tuple[TokenLogprob, ...] = ()
    tokens: int = 0
    """How many tokens were chosen since the event before; the last may be the one that ends."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a request that went well."""

    id: RequestId
    reason: FinishReason
    usage: Usage


@dataclass(frozen=True, slots=True)
class Failed:
    """The last event of a request that did not."""

    id: RequestId
    error: BackendError


Event = TextEvent | Finished | Failed


@dataclass(frozen=True, slots=True)
class Embedding:
    """One L2-normalised vector and the length of its input in tokens."""

    vector: tuple[float, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Description:
    """What a loaded model is and can do."""

    architecture: str
    context_length: int
    vocabulary_size: int
    chat_template: str | None
    bos: str
    """Text of the token that begins a document, empty where there is none."""
    eos: str
    capabilities: frozenset[str]
    """Of ``chat``, ``vision``, ``embeddings`` and ``infill``."""
    control: tuple[str, ...] = ()
    """Texts of the control tokens: a prompt's author means them, a message's text does not."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Scalar metadata of the file."""


class Backend(ABC):
    """One loaded model; used by one thread."""

    engine: ClassVar[str]
    """The Python package that does the work, as pip names it."""

    @abstractmethod
    def load(self, files: ModelFiles, options: LoadOptions) -> None:
        """Load the model. Raises ModelFileError for a bad file, EngineMissingError."""

    @abstractmethod
    def describe(self) -> Description:
        """What the loaded model is and can do."""

    @abstractmethod
    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of a text, without the begin token."""

    @abstractmethod
    def detokenize(self, tokens: Sequence[int]) -> bytes:
        """The bytes that tokens stand for."""

    @abstractmethod
    def submit(self, request: RequestId, generation: Generation) -> None:
        """Take a request; RequestError where it cannot be served."""

    @abstractmethod
    def cancel(self, request: RequestId) -> None:
        """Forget a request; it has no further events. Unknown ids are ignored."""

    @abstractmethod
    def step(self) -> list[Event]:
        """Move every running request on by one token, or by one part of its prompt."""

    @property
    @abstractmethod
    def busy(self) -> bool:
        """Whether any request is waiting or running."""

    @abstractmethod
    def embed(self, inputs: Sequence[str | Sequence[int]]) -> list[Embedding]:
        """One vector for each input, in order."""

    @abstractmethod
    def close(self) -> None:
        """Free everything."""
