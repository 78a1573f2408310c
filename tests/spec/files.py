"""Small specification files for tests, written into a folder."""

from pathlib import Path

API = """
source: The book
operations:
  - endpoint: completions
    id: createCompletion
    method: POST
    path: /completions
    summary: Continue a text
    response: answer
    features:
      - {name: streaming, requires: It streams.}
    fields:
      - name: prompt
        required: true
        schema:
          anyOf:
            - {type: string, x-aspect: prompt.string}
            - {type: array, items: {$ref: "#/$defs/token"}, x-aspect: prompt.tokens}
        requires: It continues.
        aspects:
          - {name: string, requires: A string works.}
          - {name: tokens, requires: Tokens work.}
      - {name: n, nullable: true, neutral: [1], schema: {type: integer}, requires: It counts.}
definitions:
  token: {type: integer}
  answer: {type: object}
"""

PROFILE = """
name: mine
title: My server
source: my page
default: {documented: unlisted, on_use: ignore}
claims: {C1: It streams., C2: A prompt is a string., C3: It is kind.}
rows:
  - {feature: completions.streaming, documented: supported, claims: [1]}
  - {field: completions.prompt, documented: supported, claims: [2]}
  - {field: completions.prompt.tokens, documented: unsupported, on_use: reject, claims: [2]}
  - {note: general.kind, claims: [3], requirements: [kind]}
"""

REQUIREMENTS = """
requirements:
  - {id: kind, level: MUST, endpoint: general, says: It is kind., source: The book}
"""


def write(folder: Path, text: str, name: str = "page.yaml") -> Path:
    """Write one file; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
