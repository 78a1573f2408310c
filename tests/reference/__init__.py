"""Tests of the reference server, over real sockets and with the real engines."""
