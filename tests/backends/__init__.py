"""Tests of the backends, with the real engines on the embedded model."""
