"""Chat: templates, content parts, tools and JSON mode."""
