"""Tests of the project itself, and what the tox environments run beside pytest."""
