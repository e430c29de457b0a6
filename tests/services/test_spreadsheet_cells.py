"""What a visitor wrote is text in a spreadsheet too, also where cells are separated by semicolons or tabs."""

import pytest

from inbox_app.services.history_export import cell


@pytest.mark.parametrize(
    ("written", "exported"),
    [
        ("=1+1", "'=1+1"),
        ("-2", "'-2"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠A1", "'＠A1"),
        ('a";=1', "a\";'=1"),
        ("a;  @A1; ＝2", "a;  '@A1; '＝2"),
        (';"=1+1;x', ";\"'=1+1;x"),
        ('; ""\u00a0@A1', '; ""\u00a0\'@A1'),
        ('"=1', "\"'=1"),
        ("\t=1", "'\t'=1"),
        ("a\n=1\r\n+2", "a\n'=1\r\n'+2"),
        ("a = b, c - d; e", "a = b, c - d; e"),
        ("Été; à 15 h", "Été; à 15 h"),
    ],
)
def test_no_cell_holds_a_formula(written: str, exported: str) -> None:
    assert cell(written) == exported
