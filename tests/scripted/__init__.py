"""A correct server of the OpenAI API without a model, and how to break it on purpose."""

from .language import Step, Task
from .management import Managed
from .request import Drop, Gone, Json, Model, Refusal, Reply, Request
from .server import Scripted

__all__ = [
    "Drop",
    "Gone",
    "Json",
    "Managed",
    "Model",
    "Refusal",
    "Reply",
    "Request",
    "Scripted",
    "Step",
    "Task",
]
