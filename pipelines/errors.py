"""What a user is told when something cannot go on."""

from __future__ import annotations

import errno


class PipelineError(Exception):
    """A user's mistake or a state of the installation: one line in Japanese, one in English."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(ja)
        self.ja = ja
        self.en = en


class Refused(PipelineError):  # noqa: N818 (the word that users meet)
    """A file that is not taken at all; the message says why and what would fix it."""


class Undecided(Refused):
    """A file that can be taken as soon as one thing is named.

    ask: `source`, `profile` or `municipality`. options: ids to choose from; empty for any.
    """

    def __init__(self, ja: str, en: str, ask: str, options: tuple[str, ...] = ()) -> None:
        super().__init__(ja, en)
        self.ask = ask
        self.options = options


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ROOM_WORDS = ("No space left", "Disk quota", "File too large", "Out of disk")


def no_room(error: Exception) -> PipelineError | None:
    """What to say where an error means that the disk is full; None where it means another thing.

    The engine hands the system's words on; other libraries raise OSError with the number.
    """
    full = isinstance(error, OSError) and error.errno in _NO_ROOM
    if not full and not any(words in str(error) for words in _NO_ROOM_WORDS):
        return None
    return PipelineError(
        "保存場所か一時フォルダーの空き容量が足りません。空けてからもう一度実行してください。"
        "読み込み済みのデータはそのままです",
        "the disk of MADO_HOME or of the temporary folder is full; make room and run it again;"
        " what was loaded before is as it was",
    )
