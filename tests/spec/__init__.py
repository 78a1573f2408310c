"""Tests of the specification: its files, its loaders and what is generated from it."""
