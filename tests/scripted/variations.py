"""Servers that differ in what the contract leaves open: each is correct, and fails no check."""

from __future__ import annotations

from . import body_variations, stream_variations
from .server import Scripted

VARIATIONS: tuple[type[Scripted], ...] = (
    body_variations.ExtraFields,
    body_variations.OtherOrder,
    body_variations.Indented,
    body_variations.EscapedUnicode,
    body_variations.CharsetInContentType,
    body_variations.ChunkedBodies,
    body_variations.ConnectionClose,
    body_variations.EmptyContentWithCalls,
    body_variations.OnlyRequiredFields,
    body_variations.OffsetsFromZero,
    body_variations.OtherErrors,
    stream_variations.CarriageReturns,
    stream_variations.Comments,
    stream_variations.OtherFields,
    stream_variations.NoSpaceAfterColon,
    stream_variations.ManyDataLines,
    stream_variations.OddSegments,
    stream_variations.SharedSegments,
    stream_variations.RoleWithNull,
    stream_variations.RoleAlone,
    stream_variations.RoleWithContent,
    stream_variations.FinishWithContent,
    stream_variations.LargerPieces,
    stream_variations.WholeCalls,
    stream_variations.NoUsageBeforeTheLast,
    stream_variations.UsageNullUnasked,
)
"""All of them."""
BY_NAME = {variation.__name__: variation for variation in VARIATIONS}
"""Their names, as the command line has them."""
