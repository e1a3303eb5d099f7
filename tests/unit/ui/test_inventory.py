"""What the data page says of rows held back."""

from __future__ import annotations

import pandas as pd

from ui.components.inventory import commonest


def test_messages_that_tell_their_own_numbers_are_one_reason() -> None:
    held = [("sum", "合計", f"合計 {n} が内訳と一致しません") for n in range(3)]
    held += [("other", "呼出時刻", "呼出が発券より前です")] * 2
    frame = pd.DataFrame(held, columns=["rule", "column", "message_ja"])
    assert commonest(frame, "message_ja") == "合計 0 が内訳と一致しません"
