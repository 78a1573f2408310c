"""Servers broken on purpose: each is the correct one but for one defect, which named checks find."""

from .defects import Defect, defects
from .registry import Broken, every

__all__ = ["Broken", "Defect", "defects", "every"]
