"""Tests of the management routes."""
