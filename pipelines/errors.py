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


class Undecided(Refused):
    """A file that can be taken as soon as one thing is named.

    ask: `source`, `profile` or `municipality`. options: ids to choose from; empty for any.
    """

    def __init__(self, ja: str, en: str, ask: str, options: tuple[str, ...] = ()) -> None:
        super().__init__(ja, en)
        self.ask = ask
        self.options = options
