"""Repositories of GGUF files on Hugging Face, by its public API.

https://huggingface.co/docs/hub/api
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2

from ..digest import of_bytes
from ..download import NotThereError, RefusedError, Wanted, Web, WrongContentError
from ..download.access import Access, Open, Secret
from ..download.address import origin, parsed
from ..download.patience import Tries
from ..manifest import PROJECTOR, WEIGHTS
from ..names import Name
from .quantisation import RepositoryFile, choose, projector
from .source import Offer, Piece

HOSTS = {"hf.co", "huggingface.co"}
HOME = "https://huggingface.co"
PAGES = 50
"""Lists of files, each of hundreds, that one repository may have."""


def endpoint(environment: Mapping[str, str]) -> httpx2.URL:
    """Where Hugging Face is, or what stands in for it (``HF_ENDPOINT``)."""
    return parsed((environment.get("HF_ENDPOINT") or HOME).rstrip("/"))


def access(environment: Mapping[str, str]) -> Access:
    """The user's own token (``HF_TOKEN``), for that server alone."""
    token = (environment.get("HF_TOKEN") or "").strip()
    return Secret.bearer(endpoint(environment), token) if token else Open()


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """A name whose namespace and model are a repository, and whose tag is a quantisation."""

    name: Name
    environment: Mapping[str, str] = field(repr=False)

    def offer(self, web: Web, tries: Tries) -> Offer:
        """The model's file, and the one that reads pictures. Raises PullError."""
        files = self._files(web, tries)
        chosen = [(WEIGHTS, choose(files, self.name.tag, f"{self.name.host}/{self._repository}"))]
        eyes = projector(files)
        if eyes:
            chosen.append((PROJECTOR, eyes))
        return Offer(tuple(Piece(kind, self._wanted(file)) for kind, file in chosen))

    @property
    def _repository(self) -> str:
        return f"{self.name.namespace}/{self.name.model}"

    def _files(self, web: Web, tries: Tries) -> list[RepositoryFile]:
        home = endpoint(self.environment)
        url = f"{str(home).rstrip('/')}/api/models/{self._repository}/tree/main?recursive=true"
        found: list[RepositoryFile] = []
        for _ in range(PAGES):
            try:
                page = web.document(url, tries, access(self.environment), "application/json")
            except (NotThereError, RefusedError) as error:
                hint = "" if self.environment.get("HF_TOKEN") else " and HF_TOKEN set"
                msg = (
                    f"{error} Is the repository {self._repository} there? A private one, or one "
                    f"with terms, has to be open to your account{hint}."
                )
                raise type(error)(msg) from error
            found += _read(page.content)
            following = page.links.get("next", {}).get("url")
            if not following:
                break
            url = str(page.url.join(following))
            if origin(parsed(url)) != origin(home):
                break
        return found

    def _wanted(self, file: RepositoryFile) -> Wanted:
        home = str(endpoint(self.environment)).rstrip("/")
        url = f"{home}/{self._repository}/resolve/main/{quote(file.path)}"
        known = file.sha256 is not None
        digest = f"sha256:{file.sha256}" if known else of_bytes(f"{url}\n{file.version}".encode())
        return Wanted(url, digest, file.size, access(self.environment), known=known)


def _read(content: bytes) -> list[RepositoryFile]:
    """The files of one list; WrongContentError where it is none."""
    try:
        files = [_file(entry) for entry in json.loads(content) if entry.get("type") != "directory"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = "Hugging Face answers with something else than a list of files."
        raise WrongContentError(msg) from error
    # Names are printed, and those of strangers may hold what moves a terminal's cursor.
    return [file for file in files if file.path.isprintable()]


def _file(entry: Mapping[str, Any]) -> RepositoryFile:
    large = entry.get("lfs") or {}
    size = large.get("size", entry["size"])
    return RepositoryFile(
        str(entry["path"]), int(size), large.get("oid"), str(entry.get("oid", ""))
    )
