"""The ledger of substitutes: kept without a single original, and never left half done."""

import pytest

from core.errors import LabError
from core.privacy.digits import only_digits
from core.privacy.substitutes import Ledger, Substitutes
from tests.core.test_substitutes import FAMILY, KEY, VALUES, of


def test_the_ledger_is_kept_without_any_original(tmp_path):
    path = tmp_path / "ledger.json"
    ledger = Ledger(path)
    with ledger.held():
        first = of(*VALUES, ledger=ledger)
    text = path.read_text(encoding="utf-8").casefold()
    assert not [value for _, value in VALUES if value.casefold() in text or only_digits(value) in text.split('"')]
    with Ledger(path).held():
        pass
    assert of(*VALUES, ledger=Ledger(path)) == first
    assert [file.name for file in tmp_path.iterdir() if file.suffix not in (".json", ".lock")] == []


def test_what_was_only_looked_at_is_not_kept(tmp_path):
    ledger = Ledger(tmp_path / "ledger.json")
    of(*FAMILY, ledger=ledger)
    assert not (tmp_path / "ledger.json").exists()
    with ledger.held():
        of(("PERSON", "Anna"), ledger=ledger)
    assert len(Ledger(tmp_path / "ledger.json").spaces()["NAME"]) == 1


def test_work_that_fails_leaves_the_ledger_as_it_was(tmp_path):
    ledger = Ledger(tmp_path / "ledger.json")
    with pytest.raises(LabError), ledger.held():
        Substitutes(KEY, [("PERSON", "Anna")], ledger).substitute("PERSON", "Berta")
    assert not (tmp_path / "ledger.json").exists()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"format": 1}', b'{"format": 9, "given": {}}', b"\xff"])
def test_a_damaged_ledger_is_a_sentence(tmp_path, data):
    (tmp_path / "ledger.json").write_bytes(data)
    with pytest.raises(LabError, match=r"ledger\.json"):
        Ledger(tmp_path / "ledger.json")
