"""Headings of the menu: said once, and told apart."""

from __future__ import annotations

from pages import PAGES
from ui.components.shell import headings


def test_a_section_of_several_pages_has_its_heading_and_a_lone_page_does_not_say_it_twice() -> None:
    found = headings((page.section for page in PAGES), "ja")
    assert found["data"] == "データ"
    assert found["future"] == "2040年"
    assert not found["monthly"].strip()
    assert len(set(found.values())) == len(found)
