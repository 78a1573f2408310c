"""Tests of what the embedded models are trained with."""
