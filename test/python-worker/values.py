"""Bytes and commitments as the published schema carries them."""

import struct


def to_words(data):
    """The number of bytes, then little-endian words of eight, zero padded."""
    padded = data + b"\0" * (-len(data) % 8)
    return [len(data), *struct.unpack(f"<{len(padded) // 8}Q", padded)]


def from_words(values):
    size, *words = values
    return struct.pack(f"<{len(words)}Q", *words)[:size]


def commitment_to_hex(elements):
    return struct.pack("<8I", *elements).hex()


def commitment_to_elements(text):
    return list(struct.unpack("<8I", bytes.fromhex(text)))
