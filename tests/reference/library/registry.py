"""A real registry: Debian's package ``docker-registry``, started on a free port of this machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from openai_compat.reference import embedded

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.ollama.image."
SETTINGS = """version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "{host}"}}
"""


def registry_binary() -> str:
    """The program; without it the test is skipped, or fails where tox demands everything."""
    found = shutil.which("docker-registry") or shutil.which("registry")
    if found is None:
        linux = sys.platform == "linux"  # elsewhere no package system has it
        required = linux and os.environ.get("OPENAI_COMPAT_ENGINES") == "required"
        (pytest.fail if required else pytest.skip)("docker-registry is not installed")
    assert found is not None
    return found


@dataclass(frozen=True)
class RealRegistry:
    """Where it listens, and how models get into it."""

    host: str

    def ask(
        self, method: str, path: str, body: bytes = b"", media_type: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """One plain request."""
        connection = HTTPConnection(self.host, timeout=30)
        try:
            headers = {"Content-Type": media_type or "application/octet-stream"}
            connection.request(method, path, body, headers)
            answer: HTTPResponse = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()
        finally:
            connection.close()

    def push_blob(self, name: str, content: bytes, media_type: str) -> dict[str, Any]:
        """Upload a content; how a manifest names it."""
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        status, headers, _ = self.ask("POST", f"/v2/{name}/blobs/uploads/")
        assert status == 202, status
        place = headers["location"].partition(self.host)[2]
        mark = "&" if "?" in place else "?"
        status, _, said = self.ask("PUT", f"{place}{mark}digest={digest}", content)
        assert status == 201, said
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def push(self, name: str, tag: str, layers: dict[str, bytes]) -> dict[str, Any]:
        """Upload a model; its manifest."""
        pushed = [self.push_blob(name, what, LAYER + kind) for kind, what in layers.items()]
        described = json.dumps({"model_format": "gguf", "model_family": "llama"}).encode()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.push_blob(name, described, CONFIG),
            "layers": pushed,
        }
        path = f"/v2/{name}/manifests/{tag}"
        status, _, said = self.ask("PUT", path, json.dumps(manifest).encode(), MANIFEST)
        assert status == 201, said
        return manifest


@contextmanager
def started(binary: str, folder: Path) -> Iterator[RealRegistry]:
    """The registry, until the statement ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    settings = folder / "config.yml"
    settings.write_text(SETTINGS.format(folder=folder / "data", host=host))
    process = subprocess.Popen(
        [binary, "serve", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        registry = RealRegistry(host)
        until = time.monotonic() + 30
        while True:
            try:
                assert registry.ask("GET", "/v2/")[0] == 200
                break
            except OSError:
                assert process.poll() is None, "the registry has ended"
                assert time.monotonic() < until, "the registry does not answer"
                time.sleep(0.05)
        yield registry
    finally:
        process.terminate()
        process.wait(10)


def tiny() -> dict[str, bytes]:
    """The embedded model with its projector and a few settings, as layers."""
    weights, projector = embedded.models()["tiny"]
    assert projector is not None
    return {
        "model": weights.read_bytes(),
        "projector": projector.read_bytes(),
        "system": b"You are tiny.",
        "params": json.dumps({"stop": ["</s>"], "num_ctx": 512}).encode(),
        "license": b"MIT",
    }
