"""``python -m openai_compat.conformance`` is ``openai-conformance``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
