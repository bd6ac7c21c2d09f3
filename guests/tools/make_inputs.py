#!/usr/bin/env python3
"""Writes the sample inputs of the programs, some of them broken on purpose.

The Ethereum headers are the first three of the main network (each hash is checked here against
the chain's own) and, where more or newer ones are wanted, made-up ones of today's shape.

usage: make_inputs.py FOLDER
"""
import hashlib
import pathlib
import struct
import sys

from keccak import keccak256

EMPTY_OMMERS = keccak256(b"\xc0")
EMPTY_TRIE = keccak256(b"\x80")

# Fields that differ between the first blocks of the main network; the others are the empty ones.
MAINNET = [
    dict(
        hash="d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
        coinbase="0000000000000000000000000000000000000000",
        state="d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
        difficulty=17179869184, timestamp=0,
        extra="11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
        mix="0000000000000000000000000000000000000000000000000000000000000000",
        nonce="0000000000000042"),
    dict(
        hash="88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6",
        coinbase="05a56e2d52c817161883f50c441c3228cfe54d9f",
        state="d67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3",
        difficulty=17171480576, timestamp=1438269988,
        extra="476574682f76312e302e302f6c696e75782f676f312e342e32",
        mix="969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59",
        nonce="539bd4979fef1ec4"),
    dict(
        hash="b495a1d7e6663152ae92708da4843337b958146015a2802f4193a410044698c9",
        coinbase="dd2f1e6e498202e86d8f5442af596580a4f03c2c",
        state="4943d941637411107494da9ec8bc04359d731bfd08b72b4d0edcbd4cd2ecb341",
        difficulty=17163096064, timestamp=1438270017,
        extra="476574682f76312e302e302d30636463373634372f6c696e75782f676f312e34",
        mix="2f0790c5aa31ab94195e1f6443d645af5b75c46c04fbf9911711198a0ce8fdda",
        nonce="b853fa261a86aa9e"),
]


def number(n: int) -> bytes:
    """Big-endian without leading zeros, as RLP wants integers."""
    return n.to_bytes((n.bit_length() + 7) // 8, "big")


def rlp(item: bytes | list) -> bytes:
    """RLP encoding of a byte string or a list of items."""
    is_list = isinstance(item, list)
    payload = b"".join(map(rlp, item)) if is_list else item
    if not is_list and len(payload) == 1 and payload[0] < 0x80:
        return payload
    offset = 0xC0 if is_list else 0x80
    if len(payload) <= 55:
        return bytes([offset + len(payload)]) + payload
    length = number(len(payload))
    return bytes([offset + 55 + len(length)]) + length + payload


def mainnet_headers() -> list[list[bytes]]:
    """Fields of blocks 0 to 2 of the main network."""
    headers, parent = [], bytes(32)
    for i, block in enumerate(MAINNET):
        fields = [parent, EMPTY_OMMERS, bytes.fromhex(block["coinbase"]),
                  bytes.fromhex(block["state"]), EMPTY_TRIE, EMPTY_TRIE, bytes(256),
                  number(block["difficulty"]), number(i), number(5000), b"",
                  number(block["timestamp"]), bytes.fromhex(block["extra"]),
                  bytes.fromhex(block["mix"]), bytes.fromhex(block["nonce"])]
        parent = keccak256(rlp(fields))
        assert parent.hex() == block["hash"], f"block {i} is not the main network's"
        headers.append(fields)
    return headers


def made_up(*what) -> bytes:
    """32 bytes that stand for some hash."""
    return hashlib.sha256(repr(what).encode()).digest()


def synthetic_headers(first: int, count: int) -> list[list[bytes]]:
    """Headers with the fields of the Prague fork and invented contents that form a chain."""
    headers, parent = [], made_up("parent")
    for n in range(first, first + count):
        bloom = b"".join(made_up("bloom", n, i) for i in range(8))
        fields = [parent, EMPTY_OMMERS, made_up("coinbase", n)[:20], made_up("state", n),
                  made_up("transactions", n), made_up("receipts", n), bloom, b"", number(n),
                  number(36_000_000), number(17_000_000 + n % 1000), number(1_746_612_311 + 12 * n),
                  b"proofloom", made_up("randao", n), bytes(8), number(7_000_000_000 + n),
                  made_up("withdrawals", n), number(131072 * (n % 7)), b"",
                  made_up("beacon root", n), hashlib.sha256().digest()]
        parent = keccak256(rlp(fields))
        headers.append(fields)
    return headers


def with_change(headers: list[list[bytes]], index: int, field: int, value: bytes) -> list:
    """The headers with one field replaced and nothing else made to fit it."""
    return [[*h[:field], value, *h[field + 1 :]] if i == index else h
            for i, h in enumerate(headers)]


def header_inputs() -> dict[str, bytes]:
    """Inputs of the headers program, good and broken."""
    mainnet, synthetic = mainnet_headers(), synthetic_headers(22_431_084, 24)
    chain = rlp(mainnet)
    renumbered = with_change(mainnet, 2, 8, number(7))
    return {
        "headers-mainnet-0-2.rlp": chain,
        "headers-synthetic-12.rlp": rlp(synthetic[:12]),
        "headers-synthetic-24.rlp": rlp(synthetic),
        "headers-one.rlp": rlp(mainnet[:1]),
        "headers-software-synthetic-24.rlp": rlp(synthetic),
        "headers-broken-parent.rlp": rlp(with_change(mainnet, 1, 9, number(5001))),
        "headers-broken-number.rlp": rlp(renumbered),
        "headers-out-of-order.rlp": rlp([mainnet[0], mainnet[2], mainnet[1]]),
        "headers-empty-list.rlp": rlp([]),
        "headers-truncated.rlp": chain[:-1],
        "headers-trailing-byte.rlp": chain + b"\0",
    }


def words(*values: int) -> bytes:
    """Little-endian u64 numbers."""
    return struct.pack(f"<{len(values)}Q", *values)


# The widely known test of RFC 6979 for secp256k1: private key 1, the message below.
ECDSA_KEY = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
ECDSA_SIGNATURE = bytes.fromhex(
    "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
    "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")
ECDSA_MESSAGE = b"Satoshi Nakamoto"

ORDERS = b"""[
  {"id": 7, "customer": "Ada \u00e9", "lines": [
    {"item": "loom", "quantity": 2, "cents": 125000}, {"item": "yarn", "quantity": 30, "cents": 250}]},
  {"id": 9, "customer": "Grace", "lines": [{"item": "yarn", "quantity": 5, "cents": 250}]},
  {"id": 8, "customer": "Ada \u00e9", "lines": []}
]
"""

# Sum of the squares of 1 to n, n being the call data's first word; reverts where n is 0.
EVM_SQUARES = bytes.fromhex(
    "600035"            # n = call data's first word
    "8015602157"        # n == 0: to the revert
    "6000"              # sum = 0
    "5b81800201"        # 0x0a: sum += n * n
    "9060019003"        # n -= 1
    "9081600a57"        # n != 0: back to 0x0a
    "60005260206000f3"  # return sum
    "5b600080fd")       # 0x21: revert


def evm_call(n: int) -> bytes:
    """Length of the code, the code, the call data."""
    return words(len(EVM_SQUARES)) + EVM_SQUARES + n.to_bytes(32, "big")


def all_inputs() -> dict[str, bytes]:
    """File name -> contents."""
    return {
        "fibonacci-1000.bin": words(1000),
        "fibonacci-60000.bin": words(60000),
        "fibonacci-negative.bin": words(1 << 63),
        "sha256-chain-5.bin": words(5) + bytes(range(32)),
        "keccak-chain-5.bin": words(5) + bytes(range(32)),
        "sha256-chain-accelerated-30.bin": words(30) + bytes(range(32)) + words(1),
        "keccak-chain-accelerated-30.bin": words(30) + bytes(range(32)) + words(1),
        "sort-100.bin": words(100, 7),
        "sort-none.bin": words(0),
        "memory-heavy-64k.bin": words(64 << 10, 3000),
        "muldiv-heavy-200.bin": words(200, 42),
        "word-count-not-utf8.bin": b"not \xff text",
        "ecdsa-verify-rfc6979.bin": ECDSA_KEY + ECDSA_SIGNATURE + ECDSA_MESSAGE,
        "ecdsa-verify-other-message.bin": ECDSA_KEY + ECDSA_SIGNATURE + b"satoshi nakamoto",
        "ecdsa-verify-no-point.bin": bytes([2]) + bytes(32) + ECDSA_SIGNATURE + ECDSA_MESSAGE,
        "json-postcard-orders.json": ORDERS,
        "json-postcard-too-large.json": ORDERS.replace(b"125000", b"18446744073709551615"),
        "json-postcard-cut-off.json": ORDERS[:-3],
        "headers-alloy-mainnet-0-2.rlp": header_inputs()["headers-mainnet-0-2.rlp"],
        "headers-alloy-synthetic-24.rlp": header_inputs()["headers-synthetic-24.rlp"],
        "headers-alloy-broken-parent.rlp": header_inputs()["headers-broken-parent.rlp"],
        "headers-alloy-trailing-byte.rlp": header_inputs()["headers-trailing-byte.rlp"],
        "evm-call-squares-100.bin": evm_call(100),
        "evm-call-reverts.bin": evm_call(0),
        "evm-call-out-of-gas.bin": evm_call(1 << 40),
        **header_inputs(),
    }


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in all_inputs().items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
