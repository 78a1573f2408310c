"""The judge, as a command, on the reference: what `tox -e demo` and `conformance-*` run."""
