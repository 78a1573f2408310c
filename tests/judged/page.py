"""``python -m tests.judged.page``: write what the reference does of OpenAI's contract.

Judges the server on each engine under the profile ``openai``, and puts the support that was
observed side by side in ``reference/CONTRACT.md``, with the reason of every row that is not
honoured. A row without a known reason is an error.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openai_compat.conformance.reports.support import PATHS
from openai_compat.reference.matrix import WITHOUT_EFFECT

from . import __main__ as judged

ENGINES = ("llamacpp", "ctransformers")
PAGE = Path(__file__).parents[2] / "reference" / "CONTRACT.md"
NEEDS_SERVICE = "accepted, changes nothing: it needs a service behind the model"
BLIND = "ctransformers does not read pictures"
REASONS: Mapping[str, str] = {
    "audio": "refused by name: no engine here speaks",
    "messages.audio": "refused by name: no engine here hears; send the words as text",
    "messages.file": "refused by name: send the file's text",
    "messages.image-bare": "OpenAI does not have it; the profile `ollama` takes it",
    "messages.image-detail": "accepted: a picture is always seen whole",
    "messages.image-url": "refused by name: nothing is fetched; send a data URI",
    "modalities": "`text` is what there is",
    "moderation": "refused by name: OpenAI's own service",
    "prediction": "accepted, changes nothing: it would only save time",
    "prompt_cache_key": "accepted, changes nothing: equal beginnings are always kept",
    "reasoning_effort": "given to templates that know it; the embedded model does not think",
    "service_tier": "accepted and echoed as `default`: there is one tier",
    "stream_options.include_obfuscation": "accepted, nothing is padded",
    "tools.custom": "refused by name: functions with a schema do the same",
    "web_search_options": "refused by name: OpenAI's own service",
    "json-mode": "OpenAI has it for chat only",
    "response_format": "OpenAI has it for chat only",
    "response_format.json_object": "OpenAI has it for chat only",
    "response_format.json_schema": "OpenAI has it for chat only",
}
"""Why a row is not honoured, or cannot be seen from outside."""
HEAD = """# What the reference does of OpenAI's contract

`openai-reference serve --profile openai` on the embedded models, as `openai-conformance run` saw
it on each engine. *Untested* means that a client cannot see whether a field had an effect; fields
that never have one are named in the response header `openai-compat-ignored`.

Made by `python -m tests.judged.page`; a test holds it against the server.
"""

Row = tuple[str, str]
Support = Mapping[Row, str]


def support(run: Mapping[str, Any]) -> Support:
    """What was observed of each row of a report."""
    return {(row["endpoint"], row["name"]): row["observed"] for row in run["support"]}


def reason(name: str, observed: tuple[str, ...]) -> str:
    """Why a row is not honoured on every engine; KeyError where nobody knows."""
    if set(observed) == {"honoured"}:
        return ""
    if observed[0] == "honoured" and (name == "vision" or name.startswith("messages.image")):
        return BLIND
    if name in REASONS:
        return REASONS[name]
    return dict.fromkeys(WITHOUT_EFFECT, NEEDS_SERVICE)[name]


def page(found: Mapping[str, Support]) -> str:
    """The page, from the support that each engine showed."""
    parts, before = [HEAD], ""
    for row in found[ENGINES[0]]:
        endpoint, name = row
        if endpoint != before:
            parts.append(f"\n| `{PATHS[endpoint]}` | llama.cpp | ctransformers | |\n"
                         "| --- | --- | --- | --- |\n")  # fmt: skip
            before = endpoint
        observed = tuple(found[engine][row] for engine in ENGINES)
        cells = (f"`{name}`", *observed, reason(name, observed))
        parts.append(f"| {' | '.join(cells)} |\n".replace("|  |", "| |"))
    return "".join(parts)


def written(text: str) -> dict[str, Support]:
    """What a page says of each engine."""
    found: dict[str, dict[Row, str]] = {engine: {} for engine in ENGINES}
    endpoints = {path: endpoint for endpoint, path in PATHS.items()}
    endpoint = ""
    for line in text.splitlines():
        cells = [cell.strip(" `") for cell in line.split("|")[1:]]
        if cells and cells[0] in endpoints:
            endpoint = endpoints[cells[0]]
        elif endpoint and cells and not cells[0].startswith("---"):
            for engine, observed in zip(ENGINES, cells[1:], strict=False):
                found[engine][endpoint, cells[0]] = observed
    return dict(found)


def main() -> int:
    """Judge on both engines, and write the page."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for engine in ENGINES:
            report = Path(folder) / f"{engine}.json"
            options = ("--profile", "openai", "--fuzz", "0", "--report", f"json={report}")
            code = judged.main(engine, *options, profile="openai")
            if code:
                return code
            found[engine] = support(json.loads(report.read_text(encoding="utf-8")))
    PAGE.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
