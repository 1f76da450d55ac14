"""The number formats of weights, to float32 and back.

bfloat16 is the upper half of a float32, so it is read by a shift; writing rounds to nearest even
(ml_dtypes). float16 and float32 are NumPy's own.
"""

from __future__ import annotations

from typing import Literal, get_args

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from r2c_training.merge.compiled import compiled

Format = Literal["BF16", "F16", "F32"]
Float32 = NDArray[np.float32]
Bytes = NDArray[np.uint8]

FORMATS: tuple[str, ...] = get_args(Format)
FORMAT_NAMES: dict[Format, str] = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}
_EXPONENT: dict[Format, int] = {"BF16": 0x7F80, "F16": 0x7C00, "F32": 0x7F800000}
ITEM_BYTES: dict[Format, int] = {"BF16": 2, "F16": 2, "F32": 4}


def decode(raw: Bytes, form: Format, out: Float32 | None = None) -> Float32:
    """The values of little-endian bytes as float32, into `out` if given."""
    if out is None:
        out = np.empty(raw.size // ITEM_BYTES[form], np.float32)
    if form == "BF16":
        _widen(raw.view("<u2"), out.view(np.uint32))
    elif form == "F16":
        np.copyto(out, raw.view("<f2"))
    else:
        np.copyto(out, raw.view("<f4"))
    return out


def decode_difference(raw: Bytes, form: Format, base: Float32) -> Float32:
    """The values of little-endian bytes minus those of a base, float32."""
    if form != "BF16":
        values = decode(raw, form)
        values -= base
        return values
    out = np.empty(raw.size // 2, np.float32)
    _widen_and_subtract(raw.view("<u2"), base, out)
    return out


def encode(values: Float32, form: Format) -> Bytes:
    """The bytes of float32 values, rounded to nearest even.

    What float16 cannot hold becomes infinite, as everywhere; `all_finite` sees it.
    """
    if form == "BF16":
        with np.errstate(invalid="ignore"):  # a NaN that signals becomes one that does not
            return values.astype(ml_dtypes.bfloat16).view(np.uint8)
    if form == "F16":
        with np.errstate(over="ignore"):
            return values.astype("<f2").view(np.uint8)
    return values.astype("<f4", copy=False).view(np.uint8)


def all_finite(data: Bytes, form: Format) -> bool:
    """Whether no encoded value is infinite or not a number: an exponent with all bits set."""
    bits = data.view("<u4" if form == "F32" else "<u2")
    return bool(_below(bits, bits.dtype.type(_EXPONENT[form])))


@compiled
def _widen(halves: NDArray[np.uint16], out: NDArray[np.uint32]) -> None:
    for at in range(out.size):
        out[at] = np.uint32(halves[at]) << np.uint32(16)


@compiled
def _widen_and_subtract(halves: NDArray[np.uint16], base: Float32, out: Float32) -> None:
    for at in range(out.size):
        value = np.uint32(np.uint32(halves[at]) << np.uint32(16)).view(np.float32)
        out[at] = value - base[at]


@compiled
def _below(bits: NDArray[np.unsignedinteger], exponent: np.unsignedinteger) -> bool:
    """Whether no element has all bits of the exponent."""
    found = False
    for at in range(bits.size):
        found |= (bits[at] & exponent) == exponent
    return not found
