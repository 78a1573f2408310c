"""Ollama's registry, and every other that speaks the distribution protocol of container images.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from ..digest import of_bytes
from ..download import NotThereError, RefusedError, Wanted, Web, WrongContentError
from ..download.access import Access, Secret
from ..download.address import Origin, check, local, origin, parsed, shown
from ..download.patience import Tries
from ..errors import BadManifestError
from ..manifest import ADAPTER, MANIFEST, WEIGHTS, Manifest
from ..names import HOST, Name
from .source import Offer, Piece

VARIABLE = "OPENAI_REFERENCE_REGISTRY_TOKEN"
"""Tokens of registries: ``HOST=TOKEN``, and a comma between two."""

MIRROR = "OPENAI_REFERENCE_REGISTRY"
"""The address of a registry to ask in place of Ollama's, for names without a host."""

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Registry:
    """A name in a registry."""

    name: Name
    environment: Mapping[str, str] = field(repr=False)

    def offer(self, web: Web, tries: Tries) -> Offer:
        """The manifest, and where each of its contents is. Raises PullError, BadManifestError."""
        base = self._base(insecure=web.insecure)
        access = self._access(base, web)
        manifest = self._manifest(base, access, web, tries)
        pieces = {
            part.digest: Piece(
                part.media_type,
                Wanted(f"{base}/blobs/{part.digest}", part.digest, part.size, access),
            )
            for part in manifest
        }
        return Offer(tuple(pieces.values()), manifest)

    def _base(self, *, insecure: bool) -> str:
        path = f"v2/{self.name.namespace}/{self.name.model}"
        mirror = self.environment.get(MIRROR) if self.name.host == HOST else None
        if mirror:
            return f"{parsed(mirror).copy_with(query=None, fragment=None)}".rstrip("/") + f"/{path}"
        host = parsed(f"https://{self.name.host}")
        scheme = "http" if insecure or local(host) else "https"
        return f"{scheme}://{self.name.host}/{path}"

    def _access(self, base: str, web: Web) -> Access:
        url = parsed(base)
        host = url.netloc.decode("ascii").rpartition("@")[2]
        token = tokens(self.environment.get(VARIABLE, "")).get(host.lower())
        return Secret.bearer(url, token) if token else Bearer(web, origin(url))

    def _manifest(self, base: str, access: Access, web: Web, tries: Tries) -> Manifest:
        try:
            found = web.document(f"{base}/manifests/{self.name.tag}", tries, access, MANIFEST)
        except NotThereError as error:
            msg = f"The model {str(self.name)!r} is not in the registry {self.name.host}."
            raise NotThereError(msg) from error
        said = found.headers.get("docker-content-digest", "")
        if said.startswith("sha256:") and said != of_bytes(found.content):
            msg = f"The manifest of {str(self.name)!r} is damaged: its digest is not {said}."
            raise WrongContentError(msg)
        manifest = Manifest.read(found.content)
        _check(manifest, str(self.name))
        return manifest


def _check(manifest: Manifest, name: str) -> None:
    """Whether a model of this kind can be served at all; BadManifestError if not."""
    if any(part.size < 0 for part in manifest):
        msg = f"The manifest of {name!r} is damaged: a content cannot have less than no bytes."
        raise BadManifestError(msg)
    if manifest.first(WEIGHTS) is None:
        msg = f"{name!r} holds no GGUF file, and other kinds of models cannot be served."
        raise BadManifestError(msg)
    if manifest.first(ADAPTER) is not None:
        msg = f"{name!r} has an adapter, which is not supported."
        raise BadManifestError(msg)


def tokens(text: str) -> dict[str, str]:
    """The tokens of registries by host; RefusedError where a text does not say which is whose."""
    found = {}
    for entry in filter(None, map(str.strip, text.split(","))):
        host, equals, token = entry.partition("=")
        if not (equals and host.strip() and token.strip()):
            msg = f"{VARIABLE} has to be HOST=TOKEN, so that no other host gets the token."
            raise RefusedError(msg)
        found[host.strip().lower()] = token.strip()
    return found


@dataclass(slots=True)
class Bearer:
    """Tokens for everybody, which a registry names the address of in its first answer."""

    web: Web
    server: Origin
    _token: str | None = field(default=None, repr=False)

    def header(self, url: httpx2.URL) -> str | None:
        """The token, for its registry."""
        mine = self._token is not None and origin(url) == self.server
        return f"Bearer {self._token}" if mine else None

    def renew(self, refusal: httpx2.Response) -> bool:
        """Get a token where the registry says that there are some. Raises PullError."""
        scheme, _, rest = refusal.headers.get("www-authenticate", "").partition(" ")
        asked = dict(_PARAMETER.findall(rest))
        if scheme.lower() != "bearer" or "realm" not in asked or origin(refusal.url) != self.server:
            return False
        realm = parsed(asked.pop("realm"))
        check(realm, insecure=self.web.insecure, before=refusal.url)
        wanted = {key: asked[key] for key in ("service", "scope") if key in asked}
        self._token = self._ask(realm.copy_merge_params(wanted))
        return True

    def _ask(self, realm: httpx2.URL) -> str:
        with self.web.open(str(realm)) as answer:
            content = answer.read()
        try:
            found = json.loads(content)
            token = found.get("token") or found["access_token"]
        except (ValueError, KeyError, TypeError, AttributeError):
            token = None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            msg = f"{shown(realm)} gives no token."
            raise RefusedError(msg)
        return token
