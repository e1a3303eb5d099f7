"""A throwaway copy of MADO_HOME: what is loaded into it leaves the real one as it is.

A preview that judged a file by other code than loading could promise what loading does not keep.
So a preview is a load, with the same files to compare against, into a folder that is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.home import Home


@contextmanager
def shadow(home: Home) -> Iterator[Home]:
    """A home in a temporary folder that reads as `home` does. Writing into it changes it alone.

    Files are links to the real ones and folders are its own: the writers of the lake replace
    files and never write into one. Releases are left out: nobody publishes from here.
    """
    with TemporaryDirectory(prefix="mado-") as folder:
        copy = Home(Path(folder))
        real = Home(home.root.resolve())
        # The ledger first: what an entry names was there before the entry.
        for part in (real.ledger, real.lake, real.raw, real.profiles):
            _mirror(part, copy.root / part.relative_to(real.root))
        config = real.root / "config.toml"
        if config.exists():
            (copy.root / "config.toml").symlink_to(config)
        yield copy


def _mirror(real: Path, copy: Path) -> None:
    for folder, _, names in os.walk(real):
        to = copy / Path(folder).relative_to(real)
        to.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not name.endswith(".partial") and not (to / name).is_symlink():
                (to / name).symlink_to(Path(folder) / name)
