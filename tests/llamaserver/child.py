"""The process that hosts llama.cpp's server; it reads its options from the command line as JSON."""

from __future__ import annotations

import json
import os
import sys
import threading


def _die_with_parent() -> None:
    """Leave when standard input ends: the parent holds its other end, however the parent dies."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    """Serve until the parent is gone or kills this process."""
    options = json.loads(sys.argv[1])
    watch = threading.Thread(target=_die_with_parent, daemon=True)
    watch.start()
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = options["model"]
    params.model_alias = {options["alias"]}
    params.port = options["port"]
    params.n_parallel = options["parallel"]
    params.n_ctx = options["context"]
    params.cpuparams.n_threads = options["threads"]
    params.cpuparams_batch.n_threads = options["threads"]
    params.n_gpu_layers = 0
    params.warmup = False
    params.kv_unified = options["unified"]
    params.embedding = options["embedding"]
    if options["embedding"]:
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - the parent reads it
    watch.join()


if __name__ == "__main__":
    main()
