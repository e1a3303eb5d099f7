"""What a user is told when something cannot go on."""

from __future__ import annotations


class PipelineError(Exception):
    """A user's mistake or a state of the installation: one line in Japanese, one in English."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(ja)
        self.ja = ja
        self.en = en


class Refused(PipelineError):  # noqa: N818 (the word that users meet)
    """A file that is not taken at all; the message says why and what would fix it."""
