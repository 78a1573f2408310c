"""The prompt of a conversation, by the chat template in the model's own file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import ApiError

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""For models whose file has no template."""

Message = Mapping[str, Any]


def _refuse(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _json(
    value: Any,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    **_options: Any,
) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)


@lru_cache(maxsize=16)
def _compiled(source: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    return environment.from_string(source)


def render(  # noqa: PLR0913 - what templates are given
    source: str | None,
    messages: Sequence[Message],
    tools: Sequence[Any],
    bos: str,
    eos: str,
    *,
    answer: bool = True,
    **more: Any,
) -> str:
    """The prompt, up to where the assistant's answer begins; ApiError (400) where it cannot be.

    Without ``answer`` the conversation alone, which may end with the assistant's own message;
    ``more`` are variables that some templates know.
    """
    try:
        return _compiled(source or CHATML).render(
            messages=messages,
            tools=list(tools) or None,
            add_generation_prompt=answer,
            bos_token=bos,
            eos_token=eos,
            **more,
        )
    except jinja2.TemplateError as error:
        msg = f"The model's chat template does not take this conversation: {error.message}."
        raise ApiError(400, msg, param="messages", code="template_refused") from error
    except RecursionError as error:
        msg = "A tool or a past call is nested too deeply for the model's chat template."
        raise ApiError(400, msg, param="messages", code="template_refused") from error
    except (TypeError, ValueError, AttributeError) as error:
        msg = "The model's chat template does not take this conversation's roles or contents."
        raise ApiError(400, msg, param="messages", code="template_refused") from error
