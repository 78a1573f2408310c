"""What a model's settings mean for a request: defaults, which the request's own fields override."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Final

from ..backends import Description, LoadOptions
from .errors import ApiError
from .library import LibraryError, Model, UnknownTemplateError
from .library.gotemplate import chat_template
from .library.manifest import ADAPTER
from .library.settings import Message, Settings

Fields = dict[str, Any]
Turn = dict[str, Any]

SAMPLING: Final = (
    "temperature", "top_p", "top_k", "min_p", "typical_p", "repeat_penalty", "repeat_last_n",
    "presence_penalty", "frequency_penalty", "stop",
)  # fmt: skip
"""The parameters that are defaults under their own names; some are no fields of a request."""
LIMITS: Final = ("max_tokens", "max_completion_tokens")


def broken(why: object) -> ApiError:
    """The error for a model that is here and cannot be served."""
    return ApiError(500, f"The model cannot be loaded. {why}", code="model_unavailable")


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings of one model."""

    settings: Settings

    @classmethod
    def of(cls, model: Model) -> Defaults:
        """Those of a model; ApiError (500) where it has some that cannot be followed."""
        if model.stored and model.stored.manifest.first(ADAPTER):
            raise broken("It has an adapter, and no engine here has adapters.")
        try:
            return cls(model.settings)
        except LibraryError as error:
            raise broken(error) from error

    @property
    def load(self) -> LoadOptions:
        """How the model wants to be loaded."""
        parameters: Any = self.settings.parameters
        return LoadOptions(
            context_length=parameters.get("num_ctx"), threads=parameters.get("num_thread") or None
        )

    def fields(self, fields: Fields) -> Fields:
        """The fields of a request, with the model's parameters where it has none."""
        parameters: Any = self.settings.parameters
        own = {name: parameters[name] for name in SAMPLING if name in parameters}
        if parameters.get("seed", -1) >= 0:  # a negative one means another seed each time
            own["seed"] = parameters["seed"]
        if "num_predict" in parameters and not any(name in fields for name in LIMITS):
            limit = parameters["num_predict"]
            own["max_tokens"] = limit if limit > 0 else None
        return own | fields

    def begun(self, messages: list[Turn]) -> list[Turn]:
        """A conversation behind what the model begins each with; its own system message wins."""
        given = any(map(_of_system, messages))
        system = list(takewhile(_of_system, messages))
        rest = messages[len(system) :]
        own = [_turn(one) for one in self.settings.messages if not given or one.role != "system"]
        if self.settings.system and not given:
            system = [_turn(Message("system", self.settings.system))]
        return [*system, *own, *rest]

    def described(self, described: Description) -> Description:
        """A loaded model with the template of its settings.

        Where that is of no known form, the one of the model's file counts; ApiError (400) where
        there is none.
        """
        if not self.settings.template:
            return described
        try:
            return replace(described, chat_template=chat_template(self.settings.template))
        except UnknownTemplateError as error:
            if described.chat_template:
                return described
            msg = (
                "This model cannot take part in a chat: its template is of a form that is not "
                "known here, and its file has none. Send a text to /v1/completions, or choose "
                "another model."
            )
            raise ApiError(400, msg, param="model", code="unknown_template") from error


def _of_system(turn: Turn) -> bool:
    return bool(turn["role"] == "system")


def _turn(message: Message) -> Turn:
    return {"role": message.role, "content": message.content}
