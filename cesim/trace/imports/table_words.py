"""The words of the tables of lots and steps: headings, steps, directions and origins, in Japanese and in English."""

from __future__ import annotations

import unicodedata
from typing import Final

LOT_COLUMNS: Final = {
    "lot": ("ロット", "ロット番号", "lot"),
    "item": ("品目", "item"),
    "kind": ("種類", "kind"),
    "mass_kg": ("質量_kg", "質量(kg)", "重量(kg)", "mass_kg"),
    "origin": ("由来", "origin"),
}
STEP_COLUMNS: Final = {
    "event": ("記録", "記録番号", "event"),
    "time": ("日時", "time"),
    "actor": ("事業者", "actor"),
    "role": ("役割", "role"),
    "place": ("場所", "place"),
    "step": ("工程", "step"),
    "lot": ("ロット", "ロット番号", "lot"),
    "direction": ("出入", "出入り", "direction"),
    "mass_kg": ("質量_kg", "質量(kg)", "重量(kg)", "mass_kg"),
    "partner": ("相手先", "partner"),
    "recorded": ("記録日時", "recorded"),
    "origin": ("由来", "origin"),
}
"""Column -> its headings, the first as the template has it."""
LOT_NEEDS: Final = ("lot",)
STEP_NEEDS: Final = ("event", "time", "actor", "step", "lot", "mass_kg")
"""Columns without which a table is refused."""
LEFT_ALONE: Final = ("備考", "note")
"""Headings of columns that nobody reads, beside all that begin with ``#``."""

STEP_WORDS: Final = {
    "供給": "supply",
    "引取": "take_back",
    "解体": "dismantling",
    "破砕": "shredding",
    "選別": "sorting",
    "梱包": "baling",
    "分析": "analysis",
    "荷造り": "packing",
    "出荷": "shipping",
    "入荷": "receiving",
    "受入": "receiving",
    "溶解": "melting",
    "圧延": "rolling",
    "プレス": "pressing",
    "組付け": "installing",
    "ペレット化": "pelletising",
    "コンパウンド": "compounding",
    "成形": "moulding",
    "スクラップ返却": "scrap_return",
    "処分": "disposal",
    "訂正": "correction",
    "譲渡": "transfer",
}
ORIGIN_WORDS: Final = {
    "新材": "primary",
    "新地金": "primary",
    "社内リターン材": "run_around",
    "工程内": "run_around",
    "プレコンシューマ(自動車)": "pre_auto",
    "プレコンシューマ(自動車以外)": "pre_other",
    "ポストコンシューマ(廃車)": "post_elv",
    "廃車": "post_elv",
    "ポストコンシューマ(使用中に外した部品)": "post_in_use",
    "ポストコンシューマ(車以外)": "post_other",
    "ケミカルリサイクル": "chemical",
    "バイオ由来": "bio",
    "自社製品へ戻す端材": "pre_own",
}
IN, OUT, LOSS = "in", "out", "loss"
DIRECTION_WORDS: Final = {"入": IN, "出": OUT, "損失": LOSS}
USUAL_DIRECTION: Final = {"supply": OUT, "take_back": OUT} | dict.fromkeys(
    ("shipping", "receiving", "analysis", "packing", "installing", "disposal", "transfer", "correction"), IN
)
"""Direction of a row that names none; of all other steps every row must."""


def plain(word: str) -> str:
    """Return a word as it is compared: half width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())
