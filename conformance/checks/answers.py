"""Whole answers: their form, their identity, and what their text may hold."""

from __future__ import annotations

import time

from ...spec import Documented
from ..check import GENERATING, check
from ..exchange import Json
from ..expect import (
    Unexpected,
    expect,
    expect_none,
    expect_schema,
    expect_that,
    get,
    show,
    untested,
)
from ..server import OMIT, Server
from ..texts import EMOJI

_HOUR_S = 3600
_CONTROL = (
    "<|im_end|>", "<|im_start|>", "<|eot_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>",
    "<|start_header_id|>", "<end_of_turn>", "<start_of_turn>", "</s>", "[/INST]", "<|assistant|>",
)  # fmt: skip


@check("{endpoint}.answer.schema", requirement="answer-schema", over=GENERATING)
def schema(server: Server, endpoint: str) -> None:
    """A {noun} is a valid object of its kind."""
    answer = server.ask(endpoint)

    expect_schema(
        "the answer",
        lambda body: server.errors.answer(f"{endpoint}.response", body),
        answer.body,
        answer.exchange,
    )


@check("{endpoint}.answer.sdk", requirement="answer-schema", over=GENERATING)
def sdk(server: Server, endpoint: str) -> None:
    """The official library reads a {noun} without an error."""
    exchange = server.ask(endpoint).exchange

    expect("error of the SDK", "", exchange.sdk_error, exchange)


@check("{endpoint}.answer.recommended-keys", requirement="answer-recommended-keys", over=GENERATING)
def recommended_keys(server: Server, endpoint: str) -> None:
    """A {noun} has the keys that the contract requires but clients do without."""
    answer = server.ask(endpoint)
    missing = server.errors.recommended(f"{endpoint}.response", answer.body)

    expect_that(not missing, "missing keys", "none", missing, answer.exchange)


@check("{endpoint}.answer.content-type", requirement="answer-content-type", over=GENERATING)
def content_type(server: Server, endpoint: str) -> None:
    """A {noun} says that it is JSON."""
    exchange = server.ask(endpoint).exchange

    expect("Content-Type", "application/json", exchange.content_type, exchange)


@check("{endpoint}.answer.echoes-model", requirement="answer-echoes-model", over=GENERATING)
def echoes_model(server: Server, endpoint: str) -> None:
    """A {noun} names the model that was asked for."""
    answer = server.ask(endpoint)
    name = answer.body.get("model")
    same = isinstance(name, str) and name.startswith(server.manner.model)

    expect_that(same, "model of the answer", server.manner.model, name, answer.exchange)


@check("{endpoint}.answer.created-now", requirement="answer-created-now", over=GENERATING)
def created_now(server: Server, endpoint: str) -> None:
    """A {noun} is created at the time of its request."""
    answer = server.ask(endpoint)
    created = answer.body.get("created")
    now = isinstance(created, int) and abs(created - time.time()) < _HOUR_S

    expect_that(now, "created", f"within an hour of {int(time.time())}", created, answer.exchange)


@check("{endpoint}.answer.unique-ids", requirement="answer-unique-ids", over=GENERATING)
def unique_ids(server: Server, endpoint: str) -> None:
    """No id of a {noun} comes twice in a run."""
    for nth in (1, 2, 3):
        server.ask(endpoint, nth=nth)
    seen: set[str] = set()
    for exchange in server.session.exchanges.answered(endpoint):
        name = get(exchange.json, "id")
        expect_that(name not in seen, "id of an answer", "one of its own", name, exchange)
        seen.add(name)


@check("{endpoint}.answer.length", requirement="answer-finish-reason", over=GENERATING)
def length(server: Server, endpoint: str) -> None:
    """A {noun} that its limit cut says length."""
    short, long = server.ask(endpoint, tokens=5), server.ask(endpoint, tokens=24)
    if len(long.text) <= len(short.text):
        untested(f"the whole answer is no longer than 5 tokens: {long.text!r}")

    expect("finish_reason", "length", short.finish_reason, short.exchange)


@check("{endpoint}.answer.stop", requirement="answer-finish-reason", over=GENERATING)
def stop(server: Server, endpoint: str) -> None:
    """A {noun} that ends by itself says stop."""
    answer = server.ask(endpoint, "Say: yes.", tokens=128)
    used = answer.completion_tokens
    if used is None or used >= 128 + server.manner.budget:
        untested("the model did not end by itself within 128 tokens")

    expect("finish_reason", "stop", answer.finish_reason, answer.exchange)


@check("chat.answer.no-control-tokens", requirement="answer-no-control-tokens")
def no_control_tokens(server: Server) -> None:
    """The text of a chat completion holds no token of the prompt template."""
    for answer in (server.ask("chat", "Say: yes.", tokens=128), server.ask("chat")):
        leaked = [token for token in _CONTROL if token in answer.text]
        expect_none("control tokens in the text", leaked, answer.exchange)


@check("{endpoint}.answer.whole-characters", requirement="answer-whole-characters", over=GENERATING)
def whole_characters(server: Server, endpoint: str) -> None:
    """A {noun} that was cut ends with a whole character."""
    full = server.ask(endpoint, EMOJI)
    for tokens in (1, 2, 3, 4):
        answer = server.ask(endpoint, EMOJI, tokens=tokens)
        torn = answer.text.endswith("\ufffd") and not full.text.startswith(answer.text)
        if torn:
            raise Unexpected(
                f"text cut at {tokens} tokens",
                "whole characters",
                show(answer.text),
                answer.exchange,
            )


@check("{endpoint}.answer.unknown-fields", requirement="unknown-fields", over=GENERATING)
def unknown_fields(server: Server, endpoint: str) -> None:
    """A {noun} is not refused for a field that the API does not have."""
    server.ask(endpoint, x_openai_conformance={"any": "thing"})


@check("{endpoint}.answer.neutral-values", requirement="neutral-values", over=GENERATING)
def neutral_values(server: Server, endpoint: str) -> None:
    """A {noun} is not refused for fields that stand at their defaults."""
    skip = {"model", "messages", "prompt", "stream", "max_tokens", "max_completion_tokens"}
    fields = [
        row.field
        for row in server.session.profile.rows
        if row.field is not None and row.endpoint == endpoint and row.field.kind == "field"
        and row.documented is not Documented.UNLISTED and row.field.name not in skip
    ]  # fmt: skip
    plain: dict[str, Json] = {
        field.name: field.neutral[0]
        for field in fields
        if field.neutral and field.neutral[0] is not None
    }
    server.ask(endpoint, **plain)
    documented = {"temperature", "top_p", "seed", "stop", "frequency_penalty", "presence_penalty"}
    nulls: dict[str, Json] = {
        field.name: None for field in fields if field.nullable and field.name in documented
    }
    server.ask(endpoint, **{**nulls, "temperature": None if "temperature" in nulls else OMIT})


@check("chat.answer.logprobs-text", requirement="logprobs-text")
def logprobs_text(server: Server) -> None:
    """The tokens of the log probabilities are the text of a chat completion, byte by byte."""
    answer = server.ask("chat", EMOJI, logprobs=True, top_logprobs=1, tokens=24)
    content = get(answer.choice(), "logprobs", "content")
    if not isinstance(content, list) or not content:
        untested("logprobs has no effect: see chat.field.logprobs")
    pieces = [get(entry, "bytes") for entry in content]
    if not all(isinstance(piece, list) for piece in pieces):
        untested("the entries have no bytes, and a token's text may be a part of a character")
    text = answer.text.replace("\ufffd", "")  # parts of characters are another check's matter
    try:
        said = b"".join(map(bytes, pieces)).decode(errors="ignore")
    except (TypeError, ValueError):
        said = f"no bytes: {pieces}"
    rest = said.removeprefix(text)
    # The token that ends the answer may have an entry as well; it is no text.
    expect_that(
        said.startswith(text) and (not rest or rest[0] in "<["),
        "tokens of choices[0].logprobs.content, joined",
        text,
        said,
        answer.exchange,
    )


@check("completions.answer.echo-logprobs", requirement="echo-logprobs")
def echo_logprobs(server: Server) -> None:
    """The log probabilities of an echoed prompt come with those of its text completion."""
    prompt = "The capital of France is"
    plain = server.ask("completions", prompt, logprobs=1, tokens=8)
    answer = server.ask("completions", prompt, logprobs=1, tokens=8, echo=True)
    new, all_ = (get(one.choice(), "logprobs", "token_logprobs") for one in (plain, answer))
    if not answer.text.startswith(prompt) or not isinstance(new, list) or not new:
        untested("echo or logprobs have no effect: see completions.field.echo and .logprobs")
    covered = isinstance(all_, list) and len(all_) > len(new)
    expect_that(
        covered,
        "token_logprobs with echo",
        f"more than the {len(new)} of the new tokens",
        all_,
        answer.exchange,
    )

    expect("the first of token_logprobs with echo", None, get(all_, 0), answer.exchange)
