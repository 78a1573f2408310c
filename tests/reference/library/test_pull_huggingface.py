"""``pull`` from Hugging Face's public API, which a fake speaks."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.download import NotThereError, RefusedError, WrongContentError

from .faults import Answer, Asked, Faults
from .pulling import BOTH, TINY, pull, pulled

TREE = "/api/models/me/tiny-GGUF/tree/main"


def entry(path: str, content: bytes) -> dict[str, object]:
    """A file as the API lists it."""
    digest = hashlib.sha256(content).hexdigest()
    lfs = {"oid": digest, "size": len(content), "pointerSize": 134}
    return {"type": "file", "oid": "0" * 40, "size": len(content), "path": path, "lfs": lfs}


def repository(faults: Faults, **files: bytes) -> None:
    """Make the fake a repository of these files."""
    listed = [{"type": "directory", "oid": "1" * 40, "size": 0, "path": "Q8_0"}]
    listed += [entry(path, content) for path, content in files.items()]
    listed.append({"type": "file", "oid": "2" * 40, "size": 3, "path": "README.md"})
    faults.files[TREE] = Answer(json.dumps(listed).encode())
    for path, content in files.items():
        faults.files[f"/me/tiny-GGUF/resolve/main/{quote(path)}"] = Answer(content)


def fetch(faults: Faults, library: Library, tag: str = "", **environment: str) -> bool:
    """Pull with the fake in the place of Hugging Face."""
    name = f"hf.co/me/tiny-GGUF{tag}"
    return pull(library, name, **{"HF_ENDPOINT": faults.url, **environment})


ANOTHER = b"GGUF" + bytes(100)


def test_the_usual_quantisation_and_the_projector(faults: Faults, ours: Library) -> None:
    """Q4_K_M, and of the projectors the F16."""
    repository(
        faults,
        **{
            "tiny-Q8_0.gguf": ANOTHER,
            "tiny-Q4_K_M.gguf": TINY["model"],
            "mmproj-tiny-BF16.gguf": ANOTHER,
            "mmproj-tiny-F16.gguf": TINY["projector"],
            "mmproj-tiny-Q8_0.gguf": ANOTHER,
            "tiny.imatrix.gguf": ANOTHER,
        },
    )
    assert fetch(faults, ours)

    assert pulled(ours, "hf.co/me/tiny-GGUF") == BOTH
    assert not fetch(faults, ours)
    assert faults.asked[0].path == f"{TREE}?recursive=true"
    stored = ours.find("hf.co/me/tiny-GGUF").stored
    assert stored is not None
    described = json.loads(stored.text(stored.manifest.config))
    assert described["model_format"] == "gguf"
    assert described["model_families"] == ["llama", "clip"]
    assert described["file_type"] == "F16"


@pytest.mark.parametrize("tag", [":Q8_0", ":q8_0", ":tiny-Q8_0", ":tiny-Q8_0.gguf"])
def test_a_quantisation_or_a_file(faults: Faults, ours: Library, tag: str) -> None:
    files = {"tiny-Q4_K_M.gguf": ANOTHER, "sub dir/tiny-Q8_0.gguf": TINY["model"]}
    repository(faults, **files)
    fetch(faults, ours, tag)

    assert pulled(ours, f"hf.co/me/tiny-GGUF{tag}") == (TINY["model"], None)


def test_the_only_one_is_meant(faults: Faults, ours: Library) -> None:
    repository(faults, **{"ggml-model-i2_s.gguf": TINY["model"]})
    fetch(faults, ours)

    assert pulled(ours, "hf.co/me/tiny-GGUF") == (TINY["model"], None)


@pytest.mark.parametrize("tag", ["", ":Q2_K"])
def test_what_there_is_is_listed(faults: Faults, ours: Library, tag: str) -> None:
    names = ("a-Q8_0.gguf", "a-UD-Q2_K_XL.gguf", "a-IQ4_XS.gguf", "a-BF16.gguf", "mmproj-F16.gguf")
    repository(faults, **dict.fromkeys(names, ANOTHER))

    with pytest.raises(NotThereError, match="one of: BF16, IQ4_XS, Q8_0, UD-Q2_K_XL"):
        fetch(faults, ours, tag)


def test_two_files_of_one_quantisation_are_listed(faults: Faults, ours: Library) -> None:
    repository(faults, **{"a-Q4_K_M.gguf": ANOTHER, "b-Q4_K_M.gguf": TINY["model"]})

    with pytest.raises(NotThereError, match="one of: a-Q4_K_M, b-Q4_K_M"):
        fetch(faults, ours)
    fetch(faults, ours, ":b-Q4_K_M")
    assert pulled(ours, "hf.co/me/tiny-GGUF:b-Q4_K_M")[0] == TINY["model"]


def test_a_split_model_is_refused_by_name(faults: Faults, ours: Library) -> None:
    parts = {f"tiny-Q4_K_M-0000{n}-of-00002.gguf": ANOTHER for n in (1, 2)}
    repository(faults, **parts)

    with pytest.raises(RefusedError, match=r"tiny-Q4_K_M-00001-of-00002\.gguf is one of several"):
        fetch(faults, ours)


def test_a_repository_without_gguf_files(faults: Faults, ours: Library) -> None:
    repository(faults, **{"model.safetensors": ANOTHER})

    with pytest.raises(NotThereError, match="no GGUF file"):
        fetch(faults, ours)


def test_a_list_in_several_pages(faults: Faults, ours: Library) -> None:
    repository(faults, **{"tiny-Q4_K_M.gguf": TINY["model"]})
    last = faults.files[TREE]
    assert isinstance(last, Answer)

    def page(asked: Asked) -> Answer:
        if "cursor=2" in asked.path:
            return last
        return Answer(b"[]", headers={"Link": f'<{faults.url}{TREE}?cursor=2>; rel="next"'})

    faults.files[TREE] = page
    fetch(faults, ours)

    assert pulled(ours, "hf.co/me/tiny-GGUF")[0] == TINY["model"]


def test_the_token_goes_to_hugging_face_alone(
    faults: Faults, other: Faults, ours: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """The files come from another host, which does not get it."""
    caplog.set_level("DEBUG")
    repository(faults, **{"tiny-Q4_K_M.gguf": TINY["model"]})
    moved = {"Location": f"{other.url}/signed?by=them"}
    faults.files["/me/tiny-GGUF/resolve/main/tiny-Q4_K_M.gguf"] = Answer(b"", 302, moved)
    other.files["/signed"] = Answer(TINY["model"])
    fetch(faults, ours, HF_TOKEN="hf_s3cret")

    assert {asked.authorization for asked in faults.asked} == {"Bearer hf_s3cret"}
    assert {asked.authorization for asked in other.asked} == {None}
    assert "hf_s3cret" not in caplog.text


def test_a_file_at_its_address_gets_the_token_too(
    faults: Faults, other: Faults, ours: Library
) -> None:
    """Where the address is Hugging Face's, and only there."""
    faults.files["/x.gguf"] = other.files["/x.gguf"] = Answer(TINY["model"])
    for server in (faults, other):
        pull(ours, f"{server.url}/x.gguf", HF_ENDPOINT=faults.url, HF_TOKEN="hf_s3cret")

    assert {asked.authorization for asked in faults.asked} == {"Bearer hf_s3cret"}
    assert {asked.authorization for asked in other.asked} == {None}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_repository_that_is_not_open(faults: Faults, ours: Library, status: int) -> None:
    faults.files[TREE] = Answer(b"{}", status)

    with pytest.raises((NotThereError, RefusedError), match="HF_TOKEN"):
        fetch(faults, ours)


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"7", b'[{"path": "x"}]', b"[7]"])
def test_an_answer_that_is_no_list(faults: Faults, ours: Library, content: bytes) -> None:
    faults.files[TREE] = Answer(content)

    with pytest.raises((WrongContentError, NotThereError)):
        fetch(faults, ours)


def test_a_file_that_has_changed_meanwhile(faults: Faults, ours: Library) -> None:
    repository(faults, **{"tiny-Q4_K_M.gguf": TINY["model"]})
    changed = Answer(bytes(len(TINY["model"])))
    faults.files["/me/tiny-GGUF/resolve/main/tiny-Q4_K_M.gguf"] = changed

    with pytest.raises(WrongContentError):
        fetch(faults, ours)
