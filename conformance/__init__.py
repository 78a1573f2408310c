"""Judges any server that says it speaks the OpenAI API."""
