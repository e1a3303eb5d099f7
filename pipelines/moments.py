"""Moments as most machines write them, read by their digits' places, a column at a time.

2026/10/01 09:00:00, 2026-10-01T09:00:00 and the same without seconds, all digits in place. Every
other way of writing is left to the macros of parse.sql, which give the same for these.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

WITH_SECONDS, WITHOUT_SECONDS = 19, 16
"""Lengths of the two forms."""

_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.uint8)
_DAY_MICROSECONDS = 86_400_000_000

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


def read_moments(text: pa.StringArray) -> pa.TimestampArray:
    """Timestamps (µs) of the cells that are written in one of the two forms; null for the others.

    A null cell, and a day or time that never was (31 April, 24:00), gives null.
    """
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    buffer = text.buffers()[2]
    data = np.frombuffer(buffer, np.uint8) if buffer is not None else np.empty(0, np.uint8)
    lengths = np.diff(offsets)
    if text.null_count:
        lengths = np.where(text.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
    moments = np.zeros(len(text), np.int64)
    known = np.zeros(len(text), np.bool_)
    for length in (WITH_SECONDS, WITHOUT_SECONDS):
        at = np.flatnonzero(lengths == length)
        if not len(at):
            continue
        if len(at) * length == offsets[-1] - offsets[0]:
            cells = data[offsets[0] : offsets[-1]].reshape(-1, length)
        else:
            cells = data[offsets[at][:, np.newaxis] + np.arange(length)]
        moments[at], known[at] = _read(cells)
    return pa.Array.from_buffers(
        pa.timestamp("us"),
        len(text),
        [pa.py_buffer(np.packbits(known, bitorder="little")), pa.py_buffer(moments)],
    )


def _read(cells: Bytes) -> tuple[npt.NDArray[np.int64], Flags]:
    """Microseconds since 1970 of cells (n × 16 or 19 bytes), and which of them are moments.

    All digits of a part are handled in one machine word: XOR with the form leaves digits 0–9 and
    zeros where the marks stand.
    """
    separator = cells[:, 4]
    same = (separator == cells[:, 7]) & ((separator == ord("/")) | (separator == ord("-")))
    gap = cells[:, 10]
    same &= (gap == ord(" ")) | (gap == ord("T"))
    year, month, sound = _year_and_month(cells)
    day, day_sound = _pair(cells, 8)
    sound &= same & day_sound
    if cells.shape[1] == WITH_SECONDS:
        seconds, time_sound = _clock(cells)
    else:
        (hour, hour_sound), (minute, minute_sound) = _pair(cells, 11), _pair(cells, 14)
        time_sound = (
            hour_sound & minute_sound & (cells[:, 13] == ord(":")) & (hour < 24) & (minute < 60)
        )
        seconds = hour.astype(np.int64) * 3600 + minute.astype(np.int64) * 60
    sound &= time_sound & (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    month = np.where(sound, month, 1)
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    sound &= day <= _DAYS[month] + leap
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    days = first.astype(np.int64) + day - 1
    return days * _DAY_MICROSECONDS + seconds * 1_000_000, sound


def _words(cells: Bytes, start: int, form: bytes) -> npt.NDArray[np.uint64]:
    """Eight bytes of each cell as one number, XOR the form's; the first byte is the lowest."""
    part = np.ascontiguousarray(cells[:, start : start + 8]).view("<u8").ravel()
    word: npt.NDArray[np.uint64] = part ^ np.frombuffer(form, "<u8")[0]
    return word


def _mask(*places: int) -> np.uint64:
    return np.uint64(sum(0xFF << (8 * place) for place in places))


def _sound(word: npt.NDArray[np.uint64], digits: np.uint64) -> Flags:
    """True where every byte of `digits` is below 10. Bytes outside must be zero."""
    high = np.uint64(0x8080808080808080)
    bound = digits & np.uint64(0x7676767676767676)
    return (((word + bound) | word) & high) == 0


def _byte(word: npt.NDArray[np.uint64], place: int) -> npt.NDArray[np.int64]:
    return ((word >> np.uint64(8 * place)) & np.uint64(0xFF)).astype(np.int64)


def _clock(cells: Bytes) -> tuple[npt.NDArray[np.int64], Flags]:
    """Seconds since midnight of hh:mm:ss in bytes 11 to 18."""
    word = _words(cells, 11, b"00:00:00")
    digits = _mask(0, 1, 3, 4, 6, 7)
    sound = ((word & ~digits) == 0) & _sound(word, digits)
    pairs = word * np.uint64(10) + (word >> np.uint64(8))
    hour, minute, second = (_byte(pairs, place) for place in (0, 3, 6))
    sound &= (hour < 24) & (minute < 60) & (second < 60)
    return hour * 3600 + minute * 60 + second, sound


def _year_and_month(
    cells: Bytes,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Flags]:
    """Year and month of YYYY/MM/ in bytes 0 to 7; the marks are looked at elsewhere."""
    digits = _mask(0, 1, 2, 3, 5, 6)
    word = _words(cells, 0, b"0000/00/") & digits
    pairs = word * np.uint64(10) + (word >> np.uint64(8))
    year = _byte(pairs, 0) * 100 + _byte(pairs, 2)
    return year, _byte(pairs, 5), _sound(word, digits)


def _pair(cells: Bytes, at: int) -> tuple[npt.NDArray[np.uint8], Flags]:
    """The two-digit number that begins at a byte."""
    tens, ones = cells[:, at] - np.uint8(48), cells[:, at + 1] - np.uint8(48)
    return tens * np.uint8(10) + ones, (tens < 10) & (ones < 10)
