"""Fields whose effect no answer can show: a server that accepts them is all there is to see."""

from __future__ import annotations

from typing import Any

from ..fields import accepted_only, observes
from ..server import Server

_SAMPLES: dict[str, dict[str, Any]] = {
    "chat": {
        "user": "conformance",
        "store": False,
        "metadata": {"purpose": "conformance"},
        "service_tier": "auto",
        "reasoning_effort": "low",
        "verbosity": "low",
        "modalities": ["text"],
        "prediction": {"type": "content", "content": "Once upon a time there was a river."},
        "moderation": {"model": "omni-moderation-latest"},
        "prompt_cache_key": "conformance",
        "prompt_cache_options": {"mode": "implicit"},
        "prompt_cache_retention": "in_memory",
        "safety_identifier": "conformance",
        "web_search_options": {},
    },
    "completions": {"user": "conformance"},
}


def _accepts(name: str, value: Any) -> Any:
    def accepts(server: Server, endpoint: str) -> None:
        """A sample is answered like a request without it."""
        server.ask(endpoint, **{name: value})
        accepted_only()

    return accepts


for _endpoint, _fields in _SAMPLES.items():
    for _name, _value in _fields.items():
        observes(_name, over=(_endpoint,))(_accepts(_name, _value))


@observes("chat.audio")
def audio(server: Server) -> None:
    """A voice is accepted for an answer in text."""
    server.ask("chat", audio={"voice": "alloy", "format": "wav"})
    accepted_only()


@observes("stream_options.include_obfuscation", over=("chat", "completions"))
def include_obfuscation(server: Server, endpoint: str) -> None:
    """A stream without padding is accepted."""
    server.stream(endpoint, stream_options={"include_obfuscation": False})
    accepted_only()
