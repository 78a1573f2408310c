"""Servers broken on purpose: each is the correct one but for one defect, which named checks must find."""

from .registry import Broken, every

__all__ = ["Broken", "every"]
