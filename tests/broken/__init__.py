"""Servers broken on purpose: each has one defect, which named checks find."""

from .defects import Defect, defects
from .registry import Broken, every

__all__ = ["Broken", "Defect", "defects", "every"]
