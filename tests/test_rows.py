"""Rows of a table are read again as they were written, and their sums left out."""

from index.types import Document
from qa.rows import Row, row_of, tables

_TEXT = """某县情况
收购进度见下表：
甲库：仓容 3万吨；进度 90%。
乙库：仓容 2万吨；进度 80%。
合计：仓容 5万吨；进度 86%。
备注：以上为初步数。
丙厂：产值 4亿元；人数 30人。
"""


def _labels(document: Document, rows: tuple[Row, ...]) -> list[str]:
    return [row.label.of(document.text) for row in rows]


def test_rows_of_the_same_columns_are_a_table_without_its_sum() -> None:
    document = Document("d", "d.txt", "某县情况", _TEXT)
    [table] = tables(document)
    assert _labels(document, table.rows) == ["甲库", "乙库"]
    assert table.above == "收购进度见下表："
    assert table.rows[1].span.of(_TEXT) == "乙库：仓容 2万吨；进度 80%。"
    assert [(f.name, f.value) for f in table.rows[0].fields] == [("仓容", "3万吨"), ("进度", "90%")]


def test_other_lines_are_no_rows() -> None:
    for line in (
        "全年产值4亿元，增长3%。",
        "电话：123；地址：甲路",
        "甲：一；二",
        "甲库：仓容 3万吨。",
        "",
    ):
        assert row_of(line) is None
