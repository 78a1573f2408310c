"""Stepping for engines that run one request at a time: they write a plain generator."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .base import Backend, Event, Failed, Generation, PromptPart, RequestId, Text, Tokens
from .constraint import Compiler
from .errors import BackendError, NotCapableError
from .sequence import Echo, Room
from .sequence import Sequence as Running

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .vocabulary import Vocabulary

    Evaluation = Generator[NDArray[np.float32] | None, int, None]

CHUNK = 64
"""Tokens of a prompt evaluated at once: a client that leaves is noticed after as many.

Prompts are cut at multiples of it, and only whole chunks are reused. So the same prompt is
computed by the same operations whether or not a part of it was known, and the same seed
gives the same answer: sums in another order would differ in their last bits.
"""


def reusable(known: Sequence[int], prompt: Sequence[int]) -> int:
    """How many tokens of a prompt need no evaluation, after an earlier prompt."""
    common = 0
    for old, new in zip(known, prompt, strict=False):
        if old != new:
            break
        common += 1
    return min(common, len(prompt) - 1) // CHUNK * CHUNK


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as tokens; of a ``scored`` one the logits at every token are wanted."""

    tokens: list[int]
    begun: int = 0
    """How many of them, at the beginning, are not the request's but begin a document."""
    scored: bool = False

    @property
    def length(self) -> int:
        """How many tokens of the context it takes."""
        return len(self.tokens)


class SequentialBackend(Backend):
    """Requests wait in a queue; the first one runs to its end, one token a step."""

    vocabulary: Vocabulary
    context_length: int
    writes_text: bool = True
    """False for a model that makes embeddings only; set by `load`."""
    reused: int = 0
    """Tokens of the running prompt that needed no evaluation; set by `evaluate`."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Running, Prompt]] = deque()
        self._running: tuple[Running, Evaluation] | None = None
        self._next: int | None = None

    def prepare(self, parts: Sequence[PromptPart]) -> Prompt:
        """The prompt as the engine takes it; RequestError where it cannot."""
        tokens = [id_ for part in parts for id_ in self.vocabulary.encode(part, self.tokenize)]
        begun = self.vocabulary.begin(tokens)
        return Prompt(begun, begun=len(begun) - len(tokens))

    @abstractmethod
    def evaluate(self, prompt: Prompt) -> Evaluation:
        """Evaluate a prompt, then the tokens that are sent.

        Yields None after each part of the prompt (so that a client who leaves stops it
        there), then the logits after the prompt; from then on receives a token and yields
        the logits after it. It is closed when the request ends.

        A prompt that is scored is evaluated from its first token on, and after each part,
        the last one too, come the logits at its tokens (tokens, vocabulary).
        """

    @cached_property
    def compiler(self) -> Compiler:
        """Compiles constraints for this vocabulary."""
        return Compiler(self.vocabulary, self.tokenize)

    def submit(self, request: RequestId, generation: Generation) -> None:
        """Take a request; RequestError where it cannot be served."""
        if not self.writes_text:
            msg = "This model makes embeddings only, it writes no text."
            raise NotCapableError(msg)
        prompt = self.prepare(generation.prompt)
        echo = self._echo(generation, prompt) if generation.echo else None
        if echo and generation.logprobs is not None:
            prompt = replace(prompt, scored=True)
        constraint = generation.constraint
        mask = self.compiler.mask(constraint) if constraint else None
        room = Room(prompt.length, self.context_length, tuple(prompt.tokens))
        sequence = Running(request, generation, self.vocabulary, room, mask)
        if echo:
            sequence.repeat(echo)
        self._waiting.append((sequence, prompt))

    def _echo(self, generation: Generation, prompt: Prompt) -> Echo:
        """The prompt as the beginning of the text, without the token that begins a document."""
        text = "".join(map(self._shown, generation.prompt))
        return Echo(text, tuple(prompt.tokens[prompt.begun :]), prompt.begun)

    def _shown(self, part: PromptPart) -> str:
        match part:
            case Text(text):
                return text
            case Tokens(ids):
                return b"".join(map(self.vocabulary.shown, ids)).decode("utf-8", "replace")
        msg = "Only a prompt of text or tokens can be echoed, no picture and no gap."
        raise NotCapableError(msg)

    def cancel(self, request: RequestId) -> None:
        """Forget a request."""
        self._waiting = deque(item for item in self._waiting if item[0].request != request)
        if self._running and self._running[0].request == request:
            self._end()

    @property
    def busy(self) -> bool:
        """Whether any request is waiting or running."""
        return bool(self._running or self._waiting)

    def step(self) -> list[Event]:
        """One token, or one part of a prompt, of the request whose turn it is."""
        if self._running is None:
            if not self._waiting:
                return []
            sequence, prompt = self._waiting.popleft()
            self._running, self._next = (sequence, self.evaluate(prompt)), None
        sequence, evaluation = self._running
        try:
            self._move(sequence, evaluation)
        except BackendError as error:
            self._end()
            return [*sequence.events(), Failed(sequence.request, error)]
        if sequence.finished:
            self._end()
        return sequence.events()

    def _move(self, sequence: Running, evaluation: Evaluation) -> None:
        if sequence.finished:
            return
        logits = next(evaluation) if self._next is None else evaluation.send(self._next)
        sequence.cached_tokens = self.reused
        if logits is None:
            return
        if logits.ndim > 1:
            sequence.hear(logits)
        else:
            self._next = sequence.advance(logits)

    def _end(self) -> None:
        if self._running:
            self._running[1].close()
        self._running = None
