"""``pull``: who gets which token, and who is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from openai_compat.reference.library import Library
from openai_compat.reference.library.download import NotThereError, RefusedError
from openai_compat.reference.library.names import parse
from openai_compat.reference.library.pull import Pull
from openai_compat.reference.library.sources import chosen

from .faults import Answer, Asked, Faults
from .offered import offer
from .pulling import BOTH, QUICK, TINY, pull, pulled

VARIABLE = "OPENAI_REFERENCE_REGISTRY_TOKEN"


def guarded(faults: Faults, realm: str, files: dict[str, str]) -> None:
    """Let nobody have these paths who does not show the token ``t0ken``."""
    challenge = f'Bearer realm="{realm}",service="hub",scope="repository:library/tiny:pull"'
    for path in files.values():
        whole = faults.files[path]
        assert isinstance(whole, Answer)

        def reply(asked: Asked, whole: Answer = whole) -> Answer:
            if asked.authorization == "Bearer t0ken":
                return whole
            return Answer(b"who?", 401, {"WWW-Authenticate": challenge})

        faults.files[path] = reply


def test_a_token_for_everybody_is_asked_for(faults: Faults, other: Faults, ours: Library) -> None:
    """At the address that the registry names; nothing secret goes there."""
    guarded(faults, f"{other.url}/token", offer(faults))
    other.files["/token"] = Answer(b'{"token": "t0ken"}')
    pull(ours, f"{faults.host}/library/tiny", **{VARIABLE: "elsewhere=mine"})

    assert pulled(ours, f"{faults.host}/library/tiny") == BOTH
    assert len(other.asked) == 1
    assert other.asked[0].authorization is None
    assert other.asked[0].path == "/token?service=hub&scope=repository%3Alibrary%2Ftiny%3Apull"


def test_a_token_that_has_run_out_is_asked_for_again(faults: Faults, ours: Library) -> None:
    paths = offer(faults)
    guarded(faults, f"{faults.url}/token", paths)
    faults.files["/token"] = Answer(b'{"access_token": "t0ken"}')
    faults.faults[paths["model"]] = [
        Answer(b"", 401, {"WWW-Authenticate": f'Bearer realm="{faults.url}/token"'})
    ]
    pull(ours, f"{faults.host}/library/tiny")

    assert pulled(ours, f"{faults.host}/library/tiny") == BOTH
    assert len(faults.of("/token")) == 2


def test_a_token_of_ones_own_goes_to_its_registry_alone(
    faults: Faults, other: Faults, ours: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """Not to where its contents are, and not to another registry."""
    caplog.set_level("DEBUG")
    paths = offer(faults)
    other.files["/content"] = Answer(TINY["model"])
    faults.files[paths["model"]] = Answer(status=307, headers={"Location": f"{other.url}/content"})
    guarded(faults, f"{faults.url}/token", paths)
    tokens = {VARIABLE: f"{other.host}=0ther, {faults.host}=t0ken"}
    pull(ours, f"{faults.host}/library/tiny", **tokens)
    with pytest.raises(NotThereError):
        pull(ours, f"{other.host}/library/nope", **tokens)

    assert {asked.authorization for asked in faults.asked} == {"Bearer t0ken"}
    assert {asked.authorization for asked in other.of("/content")} == {None}
    assert {asked.authorization for asked in other.asked} == {None, "Bearer 0ther"}
    assert "t0ken" not in caplog.text


@pytest.mark.parametrize("challenge", [None, "Basic realm=x", 'Bearer service="x"', "Bearer"])
def test_without_a_way_to_a_token_it_is_refused(
    faults: Faults, ours: Library, challenge: str | None
) -> None:
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    faults.files["/v2/library/tiny/manifests/latest"] = Answer(b"", 401, headers)

    with pytest.raises(RefusedError, match="401"):
        pull(ours, f"{faults.host}/library/tiny")
    assert len(faults.asked) == 1


def test_a_token_whose_registry_is_not_said_is_refused(faults: Faults, ours: Library) -> None:
    """It is not told to anybody, and not printed."""
    with pytest.raises(RefusedError, match="HOST=TOKEN") as error:
        pull(ours, f"{faults.host}/library/tiny", **{VARIABLE: "t0ken"})
    assert "t0ken" not in str(error.value)
    assert not faults.asked


def test_a_secret_in_netrc_is_not_sent(
    faults: Faults, ours: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    offer(faults)
    pull(ours, f"{faults.host}/library/tiny")

    assert {asked.authorization for asked in faults.asked} == {None}


def test_a_proxy_of_the_environment_is_used(
    faults: Faults, ours: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fake stands in for one: it is asked with the whole address."""
    monkeypatch.setenv("http_proxy", faults.url)
    with pytest.raises(NotThereError):
        Pull(ours.own, chosen("hub.example/me/x"), parse("x"), insecure=True, patience=QUICK).run()

    assert faults.asked[0].path == "http://hub.example/v2/me/x/manifests/latest"


def test_without_encryption_only_this_machine_is_asked(ours: Library) -> None:
    with pytest.raises(RefusedError, match="--insecure"):
        pull(ours, "http://example.org/x.gguf")
