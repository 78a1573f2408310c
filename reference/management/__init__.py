"""Ollama's own routes for managing models, ``/api/*``, in its shapes."""

from .routes import ROUTES, add_routes

__all__ = ["ROUTES", "add_routes"]
