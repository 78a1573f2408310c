"""The parameters of models, as Modelfiles set them: their types, their ranges, their effect."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Value = int | float | bool | str | tuple[str, ...]
Parameters = Mapping[str, Value]

STOP: Final = "stop"
"""The one parameter that may be set several times, to collect texts."""

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_INFINITE: Final = math.inf
_LARGEST: Final = sys.float_info.max


class BadValueError(ValueError):
    """A value that a parameter cannot have; the message says which it can."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its type, and the least and the greatest value."""

    kind: type[int | float | bool | str]
    least: float = -_INFINITE
    most: float = _INFINITE
    effect: bool = True
    """Whether it changes anything here."""

    def parse(self, text: str) -> Value:
        """The value that a text of a Modelfile stands for; BadValueError where there is none."""
        if self.kind is str:
            return self.check(text)
        found: Value | None = None
        if self.kind is bool:
            found = _TRUTHS.get(text.lower())
        elif self.kind is int and _INTEGER.fullmatch(text):
            found = int(text)
        elif self.kind is float and _NUMBER.fullmatch(text):
            found = float(text)
        return self.check(text if found is None else found)

    def check(self, value: Any) -> Value:
        """A value of the right type and within the range; BadValueError where it is not.

        Whole numbers are fractions too, and the other way round: JSON makes no difference.
        """
        made: Value | None = None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if self.kind is float:
            made = float(value) if number and -_LARGEST <= value <= _LARGEST else None
        elif self.kind is int and isinstance(value, float) and value.is_integer():
            made = int(value)
        elif type(value) is self.kind:
            made = value
        if made is None or made == "":
            raise BadValueError(self.right)
        if isinstance(made, int | float) and not self.least <= made <= self.most:
            raise BadValueError(self.right)
        return made

    @property
    def right(self) -> str:
        """What its values are, in words."""
        if self.kind is str:
            return "a text that is not empty"
        if self.kind is bool:
            return "true or false"
        noun = "a whole number" if self.kind is int else "a number"
        if self.most < _INFINITE:
            return f"{noun} from {self.least:.9g} to {self.most:.9g}"
        return f"{noun}, {self.least:g} or more" if self.least > -_INFINITE else noun


CONTEXT_LIMIT: Final = 1 << 24
"""No model has a longer context, and an engine that is asked for one takes all memory."""

KNOWN: Final[Mapping[str, Parameter]] = {
    "num_ctx": Parameter(int, 1, CONTEXT_LIMIT),
    "num_predict": Parameter(int, -2),
    "num_thread": Parameter(int, 0, 1024),
    "temperature": Parameter(float, 0),
    "top_p": Parameter(float, 0, 1),
    "top_k": Parameter(int, -1),
    "min_p": Parameter(float, 0, 1),
    "typical_p": Parameter(float, 0, 1),
    "repeat_penalty": Parameter(float, 0.01),
    "repeat_last_n": Parameter(int, -1),
    "presence_penalty": Parameter(float),
    "frequency_penalty": Parameter(float),
    "seed": Parameter(int),
    STOP: Parameter(str),
    "mirostat": Parameter(int, 0, 2, effect=False),
    "mirostat_eta": Parameter(float, 0, effect=False),
    "mirostat_tau": Parameter(float, 0, effect=False),
    "tfs_z": Parameter(float, 0, effect=False),
    "penalize_newline": Parameter(bool, effect=False),
    "draft_num_predict": Parameter(int, 0, effect=False),
    "num_keep": Parameter(int, -1, effect=False),
    "num_batch": Parameter(int, 1, effect=False),
    "num_gpu": Parameter(int, -1, effect=False),
    "num_gqa": Parameter(int, 0, effect=False),
    "main_gpu": Parameter(int, 0, effect=False),
    "numa": Parameter(bool, effect=False),
    "low_vram": Parameter(bool, effect=False),
    "f16_kv": Parameter(bool, effect=False),
    "vocab_only": Parameter(bool, effect=False),
    "logits_all": Parameter(bool, effect=False),
    "use_mmap": Parameter(bool, effect=False),
    "use_mlock": Parameter(bool, effect=False),
}
"""By name. Those without effect are about other hardware, or about ways of sampling that no engine
here has; they are kept, for a program that has them."""


def checked(name: str, value: Any) -> Value:
    """A value from JSON for a known parameter; BadValueError where it cannot have it."""
    parameter = KNOWN[name]
    if name != STOP:
        return parameter.check(value)
    texts = value if isinstance(value, list) else [value]
    return tuple(str(parameter.check(text)) for text in texts)
