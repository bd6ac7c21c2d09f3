"""Keccak-256 as Ethereum uses it, from the definition; an independent check of the guests' own."""

MASK = (1 << 64) - 1
RATE = 136


def rotl(x: int, n: int) -> int:
    """Rotates a 64-bit number left."""
    n %= 64
    return ((x << n) | (x >> (64 - n))) & MASK


def round_constants() -> list[int]:
    """The 24 constants of iota, from their shift register."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << ((1 << j) - 1)
            register = ((register << 1) & 0xFF) ^ (0x71 if register >> 7 else 0)
        constants.append(constant)
    return constants


ROUND_CONSTANTS = round_constants()


def permute(a: list[int]) -> list[int]:
    """Keccak-f[1600] on 25 lanes; lane (x, y) is a[x + 5 * y]."""
    for constant in ROUND_CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1) for x in range(5)]
        a = [lane ^ d[i % 5] for i, lane in enumerate(a)]
        b, x, y = a[:], 1, 0
        for t in range(24):
            to_x, to_y = y, (2 * x + 3 * y) % 5
            b[to_x + 5 * to_y] = rotl(a[x + 5 * y], (t + 1) * (t + 2) // 2)
            x, y = to_x, to_y
        a = [b[i] ^ (~b[(i + 1) % 5 + i // 5 * 5] & b[(i + 2) % 5 + i // 5 * 5] & MASK)
             for i in range(25)]
        a[0] ^= constant
    return a


def keccak256(data: bytes) -> bytes:
    """The 32-byte digest."""
    padded = bytearray(data) + b"\x01"
    padded += bytes(-len(padded) % RATE)
    padded[-1] |= 0x80
    a = [0] * 25
    for at in range(0, len(padded), RATE):
        for i in range(RATE // 8):
            a[i] ^= int.from_bytes(padded[at + 8 * i : at + 8 * i + 8], "little")
        a = permute(a)
    return b"".join(lane.to_bytes(8, "little") for lane in a[:4])
