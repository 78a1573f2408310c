"""One honest server: the documented API over a pluggable backend."""
