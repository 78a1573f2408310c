"""Runs to report on: an ordinary one, a flawless one, a dead server, and a hostile one."""

from __future__ import annotations

import shlex
from dataclasses import replace

from openai_compat.conformance.verdict import (
    Observed,
    Result,
    Run,
    ServerFacts,
    Support,
    Verdict,
)
from openai_compat.spec import Documented, Level

_BASE = "http://localhost:8000/v1"
_YES, _NO, _UNLISTED = Documented.SUPPORTED, Documented.UNSUPPORTED, Documented.UNLISTED
_NO_VISION = "vision is absent: an image was answered with 400 “image input is not supported”"


def result(
    check: str,
    verdict: Verdict = Verdict.PASS,
    *,
    title: str = "",
    level: Level = Level.MUST,
    says: str = "",
    message: str = "",
    evidence: tuple[str, str, str] = ("", "", ""),
    curl: str = "",
) -> Result:
    """One result; ``evidence`` is what was looked at, expected and found."""
    area, _, claim = check.rpartition(".")
    what, expected, actual = evidence
    return Result(
        id=check,
        title=title or f"{area} {claim.replace('-', ' ')}.",
        endpoint=check.partition(".")[0],
        level=level,
        requirement=claim,
        says=says or f"the server does {claim}",
        claims=(30,),
        verdict=verdict,
        message=message,
        what=what,
        expected=expected,
        actual=actual,
        curl=curl,
        duration_s=0.25,
    )


def curl(path: str, body: str) -> str:
    """A curl line as the transport makes it."""
    return (
        f"curl -N {_BASE}{path} -H 'Authorization: Bearer ***'"
        f" -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )


def matrix() -> tuple[Support, ...]:
    """A support matrix in which every standing occurs."""
    rows: list[Support] = []

    def add(endpoint: str, documented: Documented, observed: Observed, names: str) -> None:
        rows.extend(Support(endpoint, name, documented, observed) for name in names.split())

    add("chat", _YES, Observed.HONOURED, "model messages messages.text messages.parts streaming")
    add("chat", _YES, Observed.HONOURED, "json-mode frequency_penalty presence_penalty stop")
    add("chat", _YES, Observed.HONOURED, "response_format stream temperature top_p max_tokens")
    rows.append(
        Support("chat", "seed", _YES, Observed.IGNORED, "the same seed gave two different texts")
    )
    rows.append(Support("chat", "tools", _YES, Observed.BROKEN, "500 where a tool is called"))
    rows += [
        Support("chat", name, _YES, Observed.UNTESTED, "vision is absent")
        for name in ("messages.image", "messages.image-base64")
    ]
    add("chat", _NO, Observed.HONOURED, "logit_bias n")
    add("chat", _UNLISTED, Observed.HONOURED, "stream_options.include_usage max_completion_tokens")
    add("chat", _NO, Observed.IGNORED, "tool_choice user")
    add("chat", _NO, Observed.REJECTED, "messages.image-url logprobs")
    rows.append(Support("chat", "metadata", _UNLISTED, Observed.BROKEN, "500 on any object"))
    add("completions", _YES, Observed.HONOURED, "model prompt frequency_penalty presence_penalty")
    add("completions", _YES, Observed.HONOURED, "seed stop stream temperature top_p max_tokens")
    rows.append(Support("completions", "suffix", _YES, Observed.REJECTED, "400: not supported"))
    add("completions", _NO, Observed.IGNORED, "best_of echo user")
    add("models", _YES, Observed.HONOURED, "list created owned_by")
    add("model", _YES, Observed.HONOURED, "retrieve untagged-name")
    add("embeddings", _YES, Observed.HONOURED, "model input.string input.strings")
    add("embeddings", _NO, Observed.HONOURED, "dimensions encoding_format")
    return tuple(rows)


def _results() -> tuple[Result, ...]:
    chat = '{"model":"tiny","messages":[{"role":"user","content":"Say one word."}],"stream":true}'
    return (
        *(result(f"chat.fields.f{number}") for number in range(38)),
        result("completions.create.text"),
        result("models.list.shape"),
        result("embeddings.batch.order"),
        result(
            "chat.stream.ends-with-done",
            Verdict.FAIL,
            title="A streamed chat completion ends with the [DONE] sentinel.",
            says="after the last chunk the server sends one event whose data is [DONE]",
            message="the last event is not the sentinel",
            evidence=(
                "data of the last event",
                '"[DONE]"',
                '{"id":"chatcmpl-1","choices":[{"delta":{},"finish_reason":"stop"}]}',
            ),
            curl=curl("/chat/completions", chat),
        ),
        result(
            "chat.fields.seed",
            Verdict.FAIL,
            title="The same seed gives the same text twice.",
            says="with a seed and the same parameters the answers are the same",
            evidence=(
                "text of the second answer",
                "'The crow flew over the wide and frozen river before the village had woken up.'",
                "'A crow, they say, remembers every face that it has ever seen in its long life.'",
            ),
            curl=curl("/chat/completions", chat.replace("Say one word.", "It's cold. " * 9)),
        ),
        result(
            "embeddings.errors.unknown-model",
            Verdict.FAIL,
            title="An unknown embedding model is answered with 404.",
            says="a request for a model that the server does not have is a 404",
            evidence=("status", "404", "HTTP/1.1 500 Internal Server Error\n\nTraceback: …"),
        ),
        result(
            "chat.usage.in-last-chunk",
            Verdict.WARN,
            level=Level.SHOULD,
            says="with include_usage the last chunk before [DONE] carries the usage",
            evidence=("usage of the last chunk", "an object", "null"),
        ),
        result(
            "chat.stream.arrives-in-pieces",
            Verdict.WARN,
            level=Level.SHOULD,
            says="chunks leave the server while it still generates",
            message="all 14 events arrived within 2 ms after 1.9 s of silence",
        ),
        *(
            result(f"chat.image.{claim}", Verdict.SKIP, message=_NO_VISION)
            for claim in ("base64", "bare-base64", "parts", "makes-a-difference", "url-refused")
        ),
        result("chat.infill.suffix", Verdict.SKIP, message="infill was excluded by --without"),
        result(
            "embeddings.batch.large",
            Verdict.ERROR,
            message="no answer: the connection was refused twice, 5 s apart",
        ),
        replace(
            result("chat.tools.streamed", Verdict.FAIL, message="no tool call came"),
            known="issue 12: tool calls come as text",
        ),
    )


USUAL = Run(
    tool="openai-conformance 0.1.0",
    server=ServerFacts(
        url=_BASE,
        models=("tiny", "tiny-embed", "other-1", "other-2"),
        headers=(("server", "llama.cpp"),),
        chat_model="tiny",
        embedding_model="tiny-embed",
        capabilities=(("tools", "present", "a tool was called"), ("vision", "absent", _NO_VISION)),
        notes=("/v1 was added to the URL: /models is 404 there, /v1/models is not",),
    ),
    profile="ollama",
    started="2026-01-02T03:04:05Z",
    duration_s=31.42,
    requests=186,
    prompt_tokens=4210,
    completion_tokens=913,
    results=_results(),
    support=matrix(),
    problems=("known failures, line 3: chat.tools.parallel passes now: remove the line",),
)
"""A server with a few faults of every kind."""

FLAWLESS = replace(
    USUAL,
    results=tuple(r for r in USUAL.results if r.verdict is Verdict.PASS),
    support=tuple(r for r in USUAL.support if r.observed is Observed.HONOURED),
    problems=(),
)
"""A server without a fault."""

DEAD = replace(
    USUAL,
    server=ServerFacts(url=_BASE, chat_model="tiny", models=("tiny",)),
    results=tuple(
        result(
            f"chat.fields.{name}",
            Verdict.FAIL,
            evidence=("status", "200", "HTTP 500: model runner has unexpectedly stopped"),
            curl=curl("/chat/completions", '{"model":"tiny"}'),
        )
        for name in ("stop", "top_p", "seed", "max_tokens")
    ),
    support=(),
    problems=("nothing answered",),
)
"""A server that fails everything in the same way."""

EVIL = (
    "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n\0\b</script><script>alert(1)</script><img src=x>"
    "]]>&amp;<!--\u202egnirts\u2066\u200b\ud800\ufffe\u2028`````|`<b>\n```\n@everyone\n"
    "Bearer sk-abcdefghijklmnopqrstuvwxyz " + "界" * 90 + "a\u0301\u0301\u0301\u0301\u0301" * 9
)
"""What a server may send to attack whoever reads the report."""

HOSTILE = replace(
    USUAL,
    server=ServerFacts(
        url="http://user:password@localhost/" + EVIL,
        models=(EVIL,),
        headers=((EVIL, EVIL), ("set-cookie", "session=1")),
        chat_model=EVIL,
        capabilities=((EVIL, "broken", EVIL),),
        notes=(EVIL, "x" * 300),
    ),
    profile=EVIL,
    results=tuple(
        replace(
            result(f"chat.{'very-long-' * 12}{verdict}{number}", verdict, message=EVIL),
            title=EVIL,
            says=EVIL,
            what=EVIL,
            expected=EVIL * 20,
            actual=(EVIL + "\n") * 20,
            curl=curl("/chat/completions", EVIL),
            known=known,
        )
        for number, known in enumerate((None, EVIL))
        for verdict in Verdict
        if known is None or verdict is Verdict.FAIL
    ),
    support=tuple(
        Support(EVIL, EVIL, documented, observed, EVIL)
        for documented in Documented
        for observed in Observed
    ),
    problems=(EVIL,),
)
"""A run in which the server chose every text."""

OTHER = replace(
    USUAL,
    results=tuple(
        replace(r, verdict=Verdict.PASS, known=None)
        if r.verdict in {Verdict.FAIL, Verdict.SKIP}
        else r
        for r in USUAL.results[10:]
    ),
    support=tuple(
        replace(r, observed=Observed.HONOURED) if r.name in {"seed", "suffix", "user"} else r
        for r in USUAL.support
        if r.name != "echo"
    ),
)
"""A server that differs from the usual one in a few ways."""
