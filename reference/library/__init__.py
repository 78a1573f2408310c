"""The model library: names, and models on disk."""
