"""A stored word that no clerk writes has a text for the preview in both languages."""

from __future__ import annotations

import pytest

from pipelines.sources import load_sources
from ui.text import LANGUAGES, has

PREFIX = "data.intake.look.word"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_adapters_are_told_in_the_reader_s_language(lang: str) -> None:
    own = {
        f"{PREFIX}.{column.name}.{stored}"
        for source in load_sources().values()
        for column in source.read_columns
        for stored, written in column.values
        if written[:1] == (stored,)
    }
    assert f"{PREFIX}.area_kind.prefecture" in own
    assert [key for key in sorted(own) if not has(key, lang)] == []
