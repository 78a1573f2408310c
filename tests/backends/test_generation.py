"""Generation on both engines: limits, stop strings, seeds, constraints, log-probabilities."""

from __future__ import annotations

import json

import pytest
from openai_compat.backends import (
    Constraint,
    Finished,
    Generation,
    Infill,
    Sampling,
    Text,
    TextEvent,
    Tokens,
    Worker,
)
from openai_compat.backends.errors import BadConstraintError, NotCapableError, PromptTooLongError

from .conftest import run

GREEDY = Sampling(temperature=0)
PROMPT = "<|im_start|>user\nTell me a long story, 日本 é 😀.<|im_end|>\n<|im_start|>assistant\n"


def test_max_tokens_cuts_and_is_counted(worker: Worker) -> None:
    """The end token is banned, so that only the limit can end it."""
    sampling = Sampling(temperature=0, logit_bias={2: -100})
    text, last = run(worker, PROMPT, max_tokens=17, sampling=sampling)

    assert (last.reason, last.usage.completion_tokens) == ("length", 17)
    assert text


def test_nothing_is_generated_for_a_limit_of_zero(worker: Worker) -> None:
    """The prompt is still counted."""
    text, last = run(worker, "1+2", max_tokens=0)

    assert (text, last.reason, last.usage.prompt_tokens) == ("", "length", 4)


def test_text_stops_before_a_stop_string_of_its_own(worker: Worker) -> None:
    """A stop string taken from the middle of the greedy answer, across token borders."""
    sampling = Sampling(temperature=0, logit_bias={2: -100})
    whole, _ = run(worker, PROMPT, max_tokens=40, sampling=sampling)
    stop = whole[10:13]
    text, last = run(worker, PROMPT, max_tokens=40, sampling=sampling, stop=(stop,))

    assert text == whole[: whole.index(stop)]
    assert last.reason == "stop"


@pytest.mark.parametrize("sampling", [GREEDY, Sampling(seed=11), Sampling(seed=-5, top_p=0.9)])
def test_the_same_seed_gives_the_same_text(worker: Worker, sampling: Sampling) -> None:
    """Also when another request came between, and with a part of the prompt known."""
    long = PROMPT * 3
    first, _ = run(worker, long, max_tokens=40, sampling=sampling)
    again, last = run(worker, long, max_tokens=40, sampling=sampling)
    run(worker, "something else", max_tokens=5)
    later, fresh = run(worker, long, max_tokens=40, sampling=sampling)

    assert first == again == later
    assert last.usage.cached_tokens > 0
    assert fresh.usage.cached_tokens == 0


def test_answers_without_a_seed_differ(worker: Worker) -> None:
    """Both engines' own samplers fail this, or repeat within a second."""
    hot = Sampling(temperature=2)

    assert len({run(worker, PROMPT, max_tokens=20, sampling=hot)[0] for _ in range(4)}) > 1


def test_a_schema_is_followed_at_any_temperature(worker: Worker) -> None:
    """Twenty answers parse and have exactly the schema's keys."""
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 0, "maximum": 99},
            "ok": {"type": "boolean"},
        },
        "required": ["n", "ok"],
        "additionalProperties": False,
    }
    for seed in range(20):
        text, last = run(
            worker,
            PROMPT,
            sampling=Sampling(temperature=2, seed=seed),
            constraint=Constraint("json_schema", schema),
        )
        assert set(json.loads(text)) == {"n", "ok"}
        assert last.reason == "stop"


def test_json_mode_starts_an_object(worker: Worker) -> None:
    """Whatever the model would rather say."""
    text, _ = run(worker, PROMPT, max_tokens=30, constraint=Constraint("json_object"))

    assert text.lstrip()[0] == "{"


def test_a_schema_that_cannot_be_followed_is_refused(worker: Worker) -> None:
    """With the reason, before anything is generated; the model goes on."""
    constraint = Constraint("json_schema", {"type": "frog"})
    with pytest.raises(BadConstraintError, match="frog"):
        run(worker, "x", constraint=constraint)

    run(worker, "x", max_tokens=1)


def test_logprobs_belong_to_the_text(worker: Worker) -> None:
    """The pieces concatenate to the text; at temperature 0 each is the likeliest."""
    generation = Generation((Text(PROMPT),), GREEDY, max_tokens=20, logprobs=3)
    events = list(worker.generate(generation))
    entries = [
        entry for event in events if isinstance(event, TextEvent) for entry in event.logprobs
    ]
    text = "".join(event.text for event in events if isinstance(event, TextEvent))

    assert b"".join(entry.piece for entry in entries).decode() == text
    assert all(entry.top[0].token == entry.token and len(entry.top) == 3 for entry in entries)
    assert all(entry.logprob is not None and entry.logprob <= 0 for entry in entries)


def test_a_prompt_over_the_context_is_refused_with_both_lengths(worker: Worker) -> None:
    """Never cut silently."""
    with pytest.raises(PromptTooLongError) as caught:
        run(worker, "word " * 2100)

    assert caught.value.prompt_tokens > caught.value.context_length == 4096


def test_infill_uses_the_models_own_tokens(worker: Worker) -> None:
    """The same answer as for the ids written by hand."""
    ids = [260, *worker.tokenize("def f():"), 261, *worker.tokenize("return"), 262]
    by_hand = Generation((Tokens((1, *ids)),), GREEDY, max_tokens=10)
    infill = Generation((Infill("def f():", "return"),), GREEDY, max_tokens=10)

    assert list(worker.generate(by_hand))[-1] is not None
    assert texts(worker, by_hand) == texts(worker, infill)


def test_token_ids_outside_the_vocabulary_are_refused(worker: Worker) -> None:
    """Engines take them without a word."""
    with pytest.raises(NotCapableError, match="99999"):
        list(worker.generate(Generation((Tokens((99999,)),))))


def test_text_is_whole_characters(worker: Worker) -> None:
    """Even where only bytes of longer characters may be chosen."""
    bytes_only = dict.fromkeys(range(3 + 0xC2, 3 + 0xF0), 100.0)
    sampling = Sampling(temperature=2, seed=1, logit_bias=bytes_only)
    text, last = run(worker, PROMPT, max_tokens=50, sampling=sampling)

    assert len(text) > 10
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert last.usage.completion_tokens == 50


def test_closing_a_stream_stops_its_generation(worker: Worker) -> None:
    """The next request does not wait for thousands of tokens."""
    sampling = Sampling(temperature=0, logit_bias={2: -100})
    stream = worker.generate(Generation((Text(PROMPT),), sampling))
    next(stream)
    stream.close()
    _, last = run(worker, "next", max_tokens=1)

    assert isinstance(last, Finished)
    assert list(stream) == []


def texts(worker: Worker, generation: Generation) -> str:
    """The text of a generation."""
    return "".join(e.text for e in worker.generate(generation) if isinstance(e, TextEvent))


def test_a_grammar_may_name_control_tokens(worker: Worker) -> None:
    """They are chosen as tokens, and their texts are part of the answer, in order."""
    rules = 'start: special_1 "a" special_0 /[bc]{2}/'
    special = ("<|fim_suffix|>", "<|fim_prefix|>")
    text, last = run(worker, "x", constraint=Constraint("grammar", rules, special=special))

    assert text.startswith("<|fim_prefix|>a<|fim_suffix|>")
    assert text.removeprefix("<|fim_prefix|>a<|fim_suffix|>") in {"bb", "bc", "cb", "cc"}
    assert last.usage.completion_tokens <= 6
