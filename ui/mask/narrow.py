"""Tables on a narrow page: their columns share its width, and texts in them wrap, so that nothing is out of sight."""

FITTING = "fitting"  # the class of a column whose tables fit; `STYLE` must stand somewhere on the page
# Gradio lays out a table by widths in pixels that stand in every cell.
STYLE = (
    "<style>#narrow-style { display: none; } @media (max-width: 640px) {"
    ".fitting .header-table, .fitting .virtual-body { width: 100% !important; table-layout: fixed; }"
    ".fitting .header-table :is(th, td)"
    " { width: auto !important; min-width: 0 !important; max-width: none !important; }"
    ".fitting .header-table :is(th, td):first-child:not(:only-child) { width: 34% !important; }"
    ".fitting .body-cell { flex: 1 1 0 !important; width: 0 !important; min-width: 0 !important; }"
    ".fitting .body-cell:first-child:not(:only-child) { flex: 0 0 34% !important; }"
    ".fitting :is(.body-cell, th) .cell-wrap { padding-left: 4px; padding-right: 2px; }"
    ".fitting :is(.body-cell, th) span.text { overflow-wrap: anywhere; font-size: 12px; }"
    ".fitting .cell-menu-button { display: none; }"
    "}</style>"
)
