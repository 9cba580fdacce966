"""Where a version comes from: the tree of versions, the difference of two, the data card, and the recipe."""

from core.lineage.card import LICENSES, CardFields, card_fields, data_card, keep_card
from core.lineage.difference import CHANGED, ONLY_A, ONLY_B, PARTS, SAME, Difference, Match, difference
from core.lineage.export import EVERY_ROW, Exported, export_rows
from core.lineage.export import PARTS as EXPORTED_PARTS
from core.lineage.recipe import Recipe, Step, main_line, read_recipe, recipe
from core.lineage.tree import Line, ancestors, parents_of, tree

__all__ = [
    "CHANGED",
    "EVERY_ROW",
    "EXPORTED_PARTS",
    "LICENSES",
    "ONLY_A",
    "ONLY_B",
    "PARTS",
    "SAME",
    "CardFields",
    "Difference",
    "Exported",
    "Line",
    "Match",
    "Recipe",
    "Step",
    "ancestors",
    "card_fields",
    "data_card",
    "difference",
    "export_rows",
    "keep_card",
    "main_line",
    "parents_of",
    "read_recipe",
    "recipe",
    "tree",
]
