"""POST /v1/chat/completions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import falcon

from ...backends import Constraint, Description, Generation
from ...backends.base import PromptPart
from ...spec import OnUse
from .. import sse
from ..defaults import Defaults
from ..service import Generating, Service, note, refuse_unless
from ..wanted import form, generation, seeded
from . import answer
from .calls import CallForm, form_of
from .conversation import Conversation, conversation
from .template import render
from .thinking import EFFORT, Thinking, thinking
from .tools import Toolbox, older, toolbox


@dataclass(frozen=True, slots=True)
class ChatCompletions:
    """Continues conversations."""

    service: Service

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer a conversation, whole or as a stream."""
        service = self.service
        fields = service.fields("chat", request, response)
        model = service.model(fields["model"])
        defaults = Defaults.of(model)
        fields = defaults.fields(fields)
        talk = conversation(fields["messages"])
        talk.messages = defaults.begun(talk.messages)
        source = talk.pictures[0][0] if talk.pictures else "messages"
        box = self._toolbox(fields)
        running = Generating(service.pool, service.loading(model, defaults), request)
        with running.guarded(source) as loaded:
            refuse_unless(model, "chat", loaded.capabilities, "model")
            described = defaults.described(loaded)
            if talk.pictures:
                refuse_unless(model, "vision", described.capabilities, source)
            if box and "tools" not in (described.chat_template or ""):
                refuse_unless(model, "tools", described.capabilities, "tools")
            calls = written(described) if box else None
            constraint = box.constraint(calls, form(fields)) if box and calls else form(fields)
            text = prompt(talk, box, described, effort(fields))
            about = thinking(described.chat_template, text)
            if "reasoning_effort" in fields and not reasons(described):
                note(response, "reasoning_effort")
            constraint = about.before(constraint) if about else constraint
            for wanted in choices(fields, talk.parts(text), constraint):
                running.start(wanted)
            self._answer(fields, running, response, source, asked(fields, calls, about))

    def _toolbox(self, fields: dict[str, Any]) -> Toolbox | None:
        """The tools on offer, without those kinds that the profile ignores."""
        if fields.get("functions"):
            return older(fields["functions"], fields.get("function_call", "auto"))
        tools = fields.get("tools") or []
        if self.service.matrix.on_use("chat", "tools.custom") is OnUse.IGNORE:
            tools = [tool for tool in tools if tool["type"] != "custom"]
        parallel = fields.get("parallel_tool_calls", True)
        return toolbox(tools, fields.get("tool_choice", "auto"), parallel=parallel)

    def _answer(
        self,
        fields: dict[str, Any],
        running: Generating,
        response: falcon.Response,
        source: str,
        about: answer.Asked,
    ) -> None:
        identity = self.service.identity
        tier = "default" if "service_tier" in fields else None
        head = answer.Head(identity.new("chatcmpl-"), identity.now(), fields["model"], tier)
        if fields.get("stream"):
            chunks = answer.chunks(head, running, identity, about)
            sse.respond(response, chunks, running.release, source)
        else:
            response.data = sse.encode(answer.whole(head, running, identity, about))
            running.release()


def asked(fields: dict[str, Any], calls: CallForm | None, about: Thinking | None) -> answer.Asked:
    """What the answer has to have."""
    return answer.Asked(
        calls=calls,
        thinking=about,
        older=bool(fields.get("functions")),
        logprobs=bool(fields.get("logprobs")),
        usage=bool((fields.get("stream_options") or {}).get("include_usage")),
    )


def reasons(described: Description) -> bool:
    """Whether the model's template knows how much to think."""
    return any(name in (described.chat_template or "") for name in EFFORT)


def effort(fields: dict[str, Any]) -> dict[str, Any]:
    """How much to think, in the words of templates; nothing where the request says nothing."""
    if "reasoning_effort" not in fields:
        return {}
    how_much = fields["reasoning_effort"]
    return dict(zip(EFFORT, (how_much, how_much != "none"), strict=True))


def prompt(
    talk: Conversation, box: Toolbox | None, described: Description, more: dict[str, Any]
) -> str:
    """The conversation as the model reads it, with marks for what is no plain text."""
    functions = box.functions if box else ()
    tools = [{"type": "function", "function": function} for function in functions]
    talk.shield(described.control)
    form = written(described)
    if form.numbered:
        talk.shorten()
    if form.texts:
        talk.spell()
    bos, eos = described.bos, described.eos
    return render(described.chat_template, talk.messages, tools, bos, eos, **more)


def written(described: Description) -> CallForm:
    """How the model writes calls."""
    return form_of(described.chat_template or "", described.bos, described.eos, described.control)


def choices(
    fields: dict[str, Any], parts: tuple[PromptPart, ...], constraint: Constraint | None
) -> Iterator[Generation]:
    """One generation for each of the ``n`` choices; seeds differ between them."""
    limit = fields.get("max_completion_tokens", fields.get("max_tokens"))
    first = generation(fields, parts, limit, constraint)
    if fields.get("logprobs"):
        first = replace(first, logprobs=fields.get("top_logprobs", 0))
    yield from seeded(first, fields.get("n", 1))
