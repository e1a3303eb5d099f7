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
    offsets, data = _buffers(text)
    lengths = np.diff(offsets)
    if text.null_count:
        lengths = np.where(text.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
    moments = np.zeros(len(text), np.int64)
    known = np.zeros(len(text), np.bool_)
    for length in (WITH_SECONDS, WITHOUT_SECONDS):
        fits = lengths == length
        count = int(np.count_nonzero(fits))
        if not count:
            continue
        if count * length == offsets[-1] - offsets[0]:  # the others are blank
            cells = data[offsets[0] : offsets[-1]].reshape(-1, length)
        else:
            cells = data[offsets[:-1][fits][:, np.newaxis] + np.arange(length)]
        if count == len(text):
            moments, known = _read(cells)
        else:
            moments[fits], known[fits] = _read(cells)
    return pa.Array.from_buffers(
        pa.timestamp("us"),
        len(text),
        [pa.py_buffer(np.packbits(known, bitorder="little")), pa.py_buffer(moments)],
    )


def _buffers(text: pa.StringArray) -> tuple[npt.NDArray[np.int32], Bytes]:
    """Where each cell begins and ends, and the bytes."""
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    buffer = text.buffers()[2]
    return offsets, np.frombuffer(buffer, np.uint8) if buffer is not None else np.empty(0, np.uint8)


def _read(cells: Bytes) -> tuple[npt.NDArray[np.int64], Flags]:
    """Microseconds since 1970 of cells (n × 16 or 19 bytes), and which of them are moments.

    Logs are in order of time, so that a day stands in many rows one after the other: it is read
    once for each such run.
    """
    month = np.ascontiguousarray(cells[:, :8]).view("<u8").ravel()
    day = np.ascontiguousarray(cells[:, 8:10]).view("<u2").ravel()
    starts = np.flatnonzero((month[1:] != month[:-1]) | (day[1:] != day[:-1])) + 1
    starts = np.concatenate([[0], starts])
    runs = np.diff(np.append(starts, len(cells)))
    days, day_sound = _days(cells[starts, :10])
    seconds, sound = _clock(cells) if cells.shape[1] == WITH_SECONDS else _clock_of_minutes(cells)
    gap = cells[:, 10]
    sound &= (gap == ord(" ")) | (gap == ord("T"))
    if not day_sound.all():
        sound &= np.repeat(day_sound, runs)
    return np.repeat(days * _DAY_MICROSECONDS, runs) + seconds.astype(np.int64) * 1_000_000, sound


def _days(cells: Bytes) -> tuple[npt.NDArray[np.int64], Flags]:
    """Days since 1970 of YYYY/MM/DD or YYYY-MM-DD (n × 10 bytes), and which of them ever were."""
    places = np.ascontiguousarray(cells.T)
    digits = places - np.uint8(48)
    sound = np.maximum.reduce(digits[[0, 1, 2, 3, 5, 6, 8, 9]], axis=0) < 10
    mark = places[4]
    sound &= (mark == places[7]) & ((mark == ord("/")) | (mark == ord("-")))
    ten = np.uint8(10)
    month, day = digits[5] * ten + digits[6], digits[8] * ten + digits[9]
    year = (digits[0] * ten + digits[1]).astype(np.int64) * 100 + (digits[2] * ten + digits[3])
    sound &= (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    month = np.where(sound, month, 1)
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    sound &= day <= _DAYS[month] + leap
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    return first.astype(np.int64) + day.astype(np.int64) - 1, sound


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


_FORM = _word(b"00:00:00")
_MARKS = _word(b"\0\0\xff\0\0\xff\0\0")
_DIGIT_BOUND = _word(b"\x76\x76\x7f\x76\x76\x7f\x76\x76")
_PAIRS = _word(b"\xff\0\0\xff\0\0\xff\0")
_PAIR_BOUND = _word(bytes([0x80 - 24, 0, 0, 0x80 - 60, 0, 0, 0x80 - 60, 0]))
_HIGH = _word(b"\x80" * 8)


def _clock(cells: Bytes) -> tuple[npt.NDArray[np.uint64], Flags]:
    """Seconds since midnight of hh:mm:ss in bytes 11 to 18, and which of them are times.

    The eight bytes are one number. XOR with 00:00:00 leaves the digits and zeros for the marks; a
    digit above 9, or a mark that is another, sets the high bit of its byte when its bound is added.
    Ten times each digit plus the next gives hours, minutes and seconds in bytes 0, 3 and 6.
    """
    word = np.ascontiguousarray(cells[:, 11:19]).view("<u8").ravel() ^ _FORM
    wrong = (word + _DIGIT_BOUND) | word
    pairs = (word * np.uint64(10) + (word >> np.uint64(8))) & _PAIRS
    wrong |= pairs + _PAIR_BOUND
    minutes = ((pairs * np.uint64((60 << 24) + 1)) >> np.uint64(24)) & np.uint64(0x7FF)
    seconds = minutes * np.uint64(60) + (pairs >> np.uint64(48))
    return seconds, (wrong & _HIGH) == 0


def _clock_of_minutes(cells: Bytes) -> tuple[npt.NDArray[np.uint64], Flags]:
    """The same of hh:mm in bytes 11 to 15."""
    whole = np.empty((len(cells), 19), np.uint8)
    whole[:, 11:16] = cells[:, 11:16]
    whole[:, 16:19] = np.frombuffer(b":00", np.uint8)
    return _clock(whole)
