"""The project's own tests; the folders mirror the top-level ones."""
