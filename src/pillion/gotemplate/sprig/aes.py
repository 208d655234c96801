"""AES-256 in CBC mode, for two of sprig's functions; Python's standard library has none.

It is not written to withstand an observer of its timing: a template's secrets are in its text.
"""

from __future__ import annotations

from itertools import pairwise

BLOCK = 16
KEY = 32
_ROUNDS = 14
_POLYNOMIAL = 0x11B


def _times(left: int, right: int) -> int:
    """The product in AES's field of 256 elements."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = left << 1 ^ (_POLYNOMIAL if left & 0x80 else 0)
        right >>= 1
    return product


def _substitutions() -> bytes:
    table = bytearray(256)
    power = inverse = 1
    while True:
        # Three generates the field, and its inverse runs through it the other way.
        power = _times(power, 3)
        inverse = _times(inverse, 0xF6)
        rotations = inverse ^ inverse << 1 ^ inverse << 2 ^ inverse << 3 ^ inverse << 4
        table[power] = (rotations ^ rotations >> 8) & 0xFF ^ 0x63
        if power == 1:
            break
    table[0] = 0x63
    return bytes(table)


_BOX = _substitutions()
_INVERSE_BOX = bytes(_BOX.index(value) for value in range(256))
_SHIFT = bytes(5 * at % BLOCK for at in range(BLOCK))
_UNSHIFT = bytes(_SHIFT.index(at) for at in range(BLOCK))
_MIX = {factor: bytes(_times(value, factor) for value in range(256)) for factor in (2, 3)}
_UNMIX = {
    factor: bytes(_times(value, factor) for value in range(256)) for factor in (9, 11, 13, 14)
}


def encrypt(key: bytes, iv: bytes, plain: bytes) -> bytes:
    """``plain``, a number of full blocks, encrypted."""
    schedule = _expand(key)
    blocks = [iv]
    for at in range(0, len(plain), BLOCK):
        blocks.append(_encrypt_block(schedule, _xor(plain[at : at + BLOCK], blocks[-1])))
    return b"".join(blocks[1:])


def decrypt(key: bytes, iv: bytes, encrypted: bytes) -> bytes:
    """``encrypted``, a number of full blocks, decrypted."""
    schedule = _expand(key)
    blocks = [iv, *(encrypted[at : at + BLOCK] for at in range(0, len(encrypted), BLOCK))]
    return b"".join(
        _xor(_decrypt_block(schedule, block), before) for before, block in pairwise(blocks)
    )


def _expand(key: bytes) -> list[bytes]:
    """The keys of the rounds."""
    words = [key[at : at + 4] for at in range(0, KEY, 4)]
    constant = 1
    while len(words) < 4 * (_ROUNDS + 1):
        word = words[-1]
        if len(words) % 8 == 0:
            word = _xor((word[1:] + word[:1]).translate(_BOX), bytes((constant, 0, 0, 0)))
            constant = _times(constant, 2)
        elif len(words) % 8 == 4:  # noqa: PLR2004 - a 256-bit key substitutes here too
            word = word.translate(_BOX)
        words.append(_xor(words[-8], word))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _encrypt_block(schedule: list[bytes], block: bytes) -> bytes:
    state = _xor(block, schedule[0])
    for number, key in enumerate(schedule[1:], 1):
        state = bytes(map(state.translate(_BOX).__getitem__, _SHIFT))
        state = _xor(state if number == _ROUNDS else _mixed(state), key)
    return state


def _decrypt_block(schedule: list[bytes], block: bytes) -> bytes:
    state = block
    for number, key in reversed(list(enumerate(schedule[1:], 1))):
        state = _xor(state, key)
        state = state if number == _ROUNDS else _unmixed(state)
        state = bytes(map(state.__getitem__, _UNSHIFT)).translate(_INVERSE_BOX)
    return _xor(state, schedule[0])


def _mixed(state: bytes) -> bytes:
    two, three = _MIX[2], _MIX[3]
    return bytes(
        two[state[at]]
        ^ three[state[_column(at, 1)]]
        ^ state[_column(at, 2)]
        ^ state[_column(at, 3)]
        for at in range(BLOCK)
    )


def _unmixed(state: bytes) -> bytes:
    nine, eleven, thirteen, fourteen = (_UNMIX[factor] for factor in (9, 11, 13, 14))
    return bytes(
        fourteen[state[at]]
        ^ eleven[state[_column(at, 1)]]
        ^ thirteen[state[_column(at, 2)]]
        ^ nine[state[_column(at, 3)]]
        for at in range(BLOCK)
    )


def _column(at: int, offset: int) -> int:
    """The place ``offset`` rows below ``at`` in its column of four."""
    return at // 4 * 4 + (at + offset) % 4


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
