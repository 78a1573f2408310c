"""Go templates of the Llama 3 and ChatML families, as the Jinja templates that mean the same."""

from .family import FORMS, chat_template

__all__ = ["FORMS", "chat_template"]
