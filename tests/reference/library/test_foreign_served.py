"""What the settings of another program's store do when its models are served."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from openai_compat.reference import embedded

from tests.engines import ENGINES, needs
from tests.reference.conftest import start
from tests.reference.running import Running

from .asking import ask, chat, go_on, same, words
from .gotemplates import CHATML_TURNS
from .ollama_store import TYPE, blob, made


@pytest.fixture(scope="module", params=ENGINES)
def foreign(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server over a store that another program has made."""
    needs(request.param)
    store = tmp_path_factory.mktemp("foreign") / "theirs"
    root = "registry.ollama.ai/library"
    weights = embedded.models()["tiny"][0].read_bytes()
    bare = weights.replace(b"tokenizer.chat_template", b"tokenizer.that_template")
    made(
        store,
        f"{root}/settled/latest",
        system="Answer in one word.",
        params='{"num_ctx": 256, "temperature": 0, "stop": ["no such text"], "unheard_of": {}}',
        messages='[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ha"}]',
    )
    made(store, f"{root}/mistral/latest", template="[INST] {{ .Prompt }} [/INST]")
    made(store, f"{root}/plain/latest")
    made(store, f"{root}/adapted/latest", adapter="low ranks")
    made(store, f"{root}/damaged/latest", params="[]")
    for name, template in (("bare", "[INST] {{ .Prompt }} [/INST]"), ("dressed", CHATML_TURNS)):
        path = made(store, f"{root}/{name}/latest", template=template)
        manifest = json.loads(path.read_bytes())
        manifest["layers"][0] = blob(store, bare, f"{TYPE}model")
        path.write_text(json.dumps(manifest), encoding="utf-8")
    found = Running(request.param, *start(store, "--backend", request.param), store)
    yield found
    found.stop()


def test_settings_of_a_store_of_others(foreign: Running) -> None:
    """Take effect in the same way."""
    talk = (("system", "Answer in one word."), ("user", "Hi"), ("assistant", "Ha"), ("user", "Go"))

    same(ask(foreign, "settled", "Go"), chat(foreign, "plain", *talk))
    assert ask(foreign, "settled", words(150)).error["code"] == "context_length_exceeded"


def test_unknown_templates_of_others(foreign: Running) -> None:
    """The file's own counts; without one there is no chat, and no guess."""
    same(chat(foreign, "mistral", ("user", "Hi")), chat(foreign, "plain", ("user", "Hi")))
    refused = ask(foreign, "bare")

    assert refused.status == 400
    assert refused.error["param"] == "model"
    assert refused.error["code"] == "unknown_template"
    assert go_on(foreign, "bare").status == 200
    assert ask(foreign, "dressed").status == 200


def test_models_that_cannot_be_served(foreign: Running) -> None:
    """An adapter that would be left out, settings that make no sense: both are told."""
    for model, why in (("adapted", "adapter"), ("damaged", "damaged")):
        for send in (ask, go_on):
            refused = send(foreign, model)
            assert refused.status == 500
            assert refused.error["code"] == "model_unavailable"
            assert why in refused.error["message"]
        assert foreign.send("GET", f"/v1/models/{model}").status == 200
