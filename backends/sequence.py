"""One generation in progress: everything between an engine's logits and its events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .base import (
    Event,
    Failed,
    Finished,
    FinishReason,
    Generation,
    RequestId,
    TextEvent,
    TokenLogprob,
    Usage,
)
from .errors import BackendError, BadConstraintError, PromptTooLongError
from .sampling import Sampler, logprobs
from .text import StopMatcher, Utf8

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .constraint import Mask
    from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Room:
    """The place for an answer in the context; PromptTooLongError where there is none."""

    prompt_tokens: int
    context_length: int
    prompt: tuple[int, ...] = ()
    """The prompt's tokens, those of pictures apart."""

    def __post_init__(self) -> None:
        if self.left <= 0:
            raise PromptTooLongError(self.prompt_tokens, self.context_length)

    @property
    def left(self) -> int:
        """Tokens that the answer may have."""
        return self.context_length - self.prompt_tokens


@dataclass(frozen=True, slots=True)
class Echo:
    """A prompt as the beginning of an answer's text.

    ``tokens`` are those of the text; ``begun`` others stand before them, such as the one that
    begins a document.
    """

    text: str
    tokens: tuple[int, ...]
    begun: int = 0


class Sequence:
    """Takes the logits of one position at a time; collects events until it is finished."""

    def __init__(
        self,
        request: RequestId,
        generation: Generation,
        vocabulary: Vocabulary,
        room: Room,
        mask: Mask | None = None,
    ) -> None:
        self.request = request
        self.finished = False
        self.cached_tokens = 0
        self._generation = generation
        self._vocabulary = vocabulary
        self._prompt_tokens = room.prompt_tokens
        wanted = generation.max_tokens
        self._budget = room.left if wanted is None else min(room.left, wanted)
        self._count = self._told = 0
        self._mask = mask
        spoken = generation.constraint.special if generation.constraint else ()
        self._spoken = {vocabulary.special[text]: text.encode() for text in spoken}
        self._sampler = Sampler(generation.sampling, room.prompt)
        self._utf8 = Utf8()
        self._text = ""
        self._stops = StopMatcher(generation.stop)
        self._unsent: list[TokenLogprob] = []
        self._events: list[Event] = []
        self._echo: Echo | None = None
        self._heard = 0
        if self._budget <= 0 and not generation.echo:
            self._finish("length")

    def repeat(self, echo: Echo) -> None:
        """Begin the text with the prompt: at once, or when its tokens were heard."""
        if echo.tokens and self._generation.logprobs is not None:
            self._echo = echo
        else:
            self._repeated(echo.text)

    def _repeated(self, text: str) -> None:
        self._echo = None
        self._send(text)
        if self._budget <= 0:
            self._finish("length")

    def events(self) -> list[Event]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events

    def advance(self, logits: NDArray[np.float32]) -> int | None:
        """Choose the next token from logits (vocabulary; copied) and return it to be evaluated.

        None when the generation has finished with this token, or failed.
        """
        try:
            return self._advance(np.array(logits, dtype=np.float32))
        except BackendError as error:
            self.fail(error)
            return None

    def hear(self, logits: NDArray[np.float32]) -> None:
        """Take the logits at some tokens of the prompt (tokens, vocabulary), in their order."""
        echo, alternatives = self._echo, self._generation.logprobs
        if echo is None or alternatives is None:
            return
        shown = self._vocabulary.shown
        if self._heard == 0:
            first = echo.tokens[0]
            self._unsent.append(TokenLogprob(first, shown(first), None))
        for row in logits:
            self._heard += 1
            place = self._heard - echo.begun
            if 0 < place < len(echo.tokens):
                self._unsent.append(logprobs(row, echo.tokens[place], alternatives, shown))
        if self._heard == echo.begun + len(echo.tokens):
            self._unspace(echo.text)
            self._repeated(echo.text)

    def _unspace(self, text: str) -> None:
        """Take the space away that a tokenizer puts before a text."""
        first = self._unsent[0]
        if first.piece.startswith(b" ") and not text.startswith(" "):
            self._unsent[0] = replace(first, piece=first.piece[1:])

    def fail(self, error: BackendError) -> None:
        """End with an error."""
        self.finished = True
        self._events.append(Failed(self.request, error))

    def _advance(self, logits: NDArray[np.float32]) -> int | None:
        raw = logits.copy() if self._generation.logprobs is not None else logits
        if self._mask is not None:
            self._mask.apply(logits)
        try:
            token = self._sampler.choose(logits, self._fits)
        except ValueError as error:
            msg = "Nothing can follow what was generated: the constraint and the bans exclude all."
            raise BadConstraintError(msg) from error
        self._count += 1
        if self._mask is not None:
            self._mask.accept(token)
        if token in self._vocabulary.ends:
            self._finish("stop")
            return None
        if self._generation.logprobs is not None:
            piece = self._vocabulary.piece
            self._unsent.append(logprobs(raw, token, self._generation.logprobs, piece))
        self._send(self._stops.feed(self._text))
        if self._stops.stopped or (self._mask is not None and self._mask.complete):
            self._finish("stop")
            return None
        if self._count >= self._budget:
            self._finish("length")
            return None
        return token

    def _fits(self, token: int) -> bool:
        """Whether a token continues the text: an answer is never cut or broken UTF-8."""
        if token in self._vocabulary.ends:
            return not self._utf8.pending
        text = self._utf8.feed(self._spoken.get(token) or self._vocabulary.piece(token))
        self._text = text or ""
        return text is not None

    def _send(self, text: str) -> None:
        if text:
            tokens, self._told = self._count - self._told, self._count
            self._events.append(TextEvent(self.request, text, tuple(self._unsent), tokens))
            self._unsent.clear()

    def _finish(self, reason: FinishReason) -> None:
        if not self._stops.stopped:
            self._send(self._stops.end())
        self.finished = True
        usage = Usage(self._prompt_tokens, self._count, self.cached_tokens)
        self._events.append(Finished(self.request, reason, usage))
