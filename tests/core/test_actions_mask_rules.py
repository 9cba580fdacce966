"""What the editor of a user's own rules does, in a workspace on disk."""

import pytest

from core.actions import Lab
from core.actions.background import Watch
from core.actions.mask import rules, search
from core.actions.mask.quick_look import quick_look
from core.errors import Busy, FileProblem, SettingProblem
from core.records import Dataset, Example, Message
from core.settings import HOME, SPACE, SearchSettings

TICKET = "patterns:\n  - kind: TICKET\n    pattern: 'TCK-\\d{6}'\n"
WRONG = "patterns:\n  - kind: TICKET\n    pattern: 'TCK-('\n"


def test_rules_are_saved_and_read_again(workspace):
    assert rules.text(workspace) == ""
    said = rules.save(workspace, HOME, TICKET)
    assert said == "Saved. These rules can be read. They find 1 kind: TICKET. Search again to use them."
    assert rules.text(workspace) == TICKET


def test_rules_with_a_mistake_are_refused_and_nothing_is_lost(workspace):
    rules.save(workspace, HOME, TICKET)
    with pytest.raises(FileProblem, match="line 3: this pattern cannot be read at character 6"):
        rules.save(workspace, HOME, WRONG)
    assert rules.text(workspace) == TICKET


def test_rules_that_another_page_changed_are_not_written_over(workspace):
    rules.save(workspace, HOME, TICKET, seen="")
    with pytest.raises(Busy, match="changed meanwhile"):
        rules.save(workspace, HOME, "", seen="")
    rules.save(workspace, HOME, "", seen=TICKET)
    assert rules.text(workspace) == ""


def test_what_cannot_be_used_here_is_said_when_rules_are_checked():
    checked = rules.check(HOME, "presidio: [no_such_module_here:X]")
    assert "no_such_module_here:X is left out" in checked.words
    assert rules.check(HOME, "  # nothing").sentence == rules.NO_RULES
    assert rules.check(HOME, "allow: [x]").sentence == "These rules can be read. They find nothing, and allow."


def test_a_public_place_imports_nothing(workspace):
    with pytest.raises(FileProblem, match="public page"):
        rules.save(workspace, SPACE, "presidio: [no_such_module_here:X]")
    with pytest.raises(FileProblem, match="public page"):
        rules.try_rules(SPACE, "presidio: [no_such_module_here:X]", "text")


def test_rules_are_tried_on_a_text():
    found, said = rules.try_rules(HOME, TICKET + "allow: [TCK-000000]", "TCK-123456\nand TCK-000000")
    assert found == [["TCK-123456", "TICKET", "your own pattern for TICKET", "15%"]]
    assert said == "Found 1 place; 1 more allowed."
    assert rules.try_rules(HOME, "", "TCK-123456") == ([], "Found 0 places.")
    with pytest.raises(SettingProblem, match="200,000"):
        rules.try_rules(HOME, TICKET, "x" * 200_001)


def test_a_slow_pattern_is_named_when_it_is_tried():
    found, said = rules.try_rules(HOME, "patterns: [{kind: SLOW, pattern: '(?:a|aa)+?b'}]", "a" * 5_000)
    assert found == []
    assert "The pattern of SLOW (rules, line 1) is too slow on this text" in said


def test_rules_that_cannot_be_read_take_nothing_else_away(workspace):
    version = workspace.versions.save(
        "rows", Dataset.of([Example("r1", 1, (Message("user", "mail eve@firma.de"),))]), "ingest"
    )
    (workspace.root / "rules.yaml").write_bytes(WRONG.encode())
    assert quick_look(workspace, workspace.versions.load(version.id)).kinds == {"EMAIL": 1}
    assert search.usable_rules(workspace) is None


def test_the_example_can_be_saved(workspace):
    assert "CUSTOMER_NUMBER" in rules.save(workspace, HOME, rules.example())


def test_rules_that_changed_since_a_search_are_told_until_it_is_made_again(tmp_path):
    lab = Lab(tmp_path / "lab", HOME)
    workspace = lab.workspace("")
    rows = [Example("r1", 1, (Message("user", "See TCK-123456."), Message("assistant", "I will.")))]
    version = workspace.versions.save("rows", Dataset.of(rows), "ingest").id
    assert search.rules_changed(workspace, version) == search.rules_changed(workspace, "") == ""
    search.search(lab, workspace, version, SearchSettings(mode="fast"), Watch())
    assert search.rules_changed(workspace, version) == ""
    rules.save(workspace, HOME, TICKET)
    assert "Press “Find personal data” again" in search.rules_changed(workspace, version)
    found = search.search(lab, workspace, version, SearchSettings(mode="fast"), Watch())
    assert [kind.kind for kind in found.kinds] == ["TICKET"]
    assert search.rules_changed(workspace, version) == ""
    rules.save(workspace, HOME, "")
    assert search.rules_changed(workspace, version) == search.RULES_CHANGED
