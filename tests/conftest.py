"""A shell's background job ignores Ctrl-C; the programs under test must not."""

from __future__ import annotations

import signal

for _order in (signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(_order) is signal.SIG_IGN:
        signal.signal(_order, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
