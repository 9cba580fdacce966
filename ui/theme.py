"""The look: a theme with system fonts (the bundled semibold ones lack letters), contrast kept in light and dark."""

from typing import Any

import gradio as gr

FONT = ["Inter", "ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
STOP_RED = "#b91c1c"

# width:100% is essential: a container that shrinks to fit sends gr.LinePlot into an endless loop of resizing.
CSS = """
.gradio-container { max-width: 1240px !important; margin: 0 auto !important; width: 100% !important; }
.dark { --color-accent: var(--primary-400); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(105px, 1fr)); gap: 10px; }
.figures .figure { padding: 8px 12px; border: 1px solid var(--border-color-primary); border-radius: 8px;
  background: var(--block-background-fill); }
.figures .figure b { display: block; font-size: 1.1em; }
.figures .figure span { color: var(--body-text-color-subdued); font-size: .85em; }
.steps-done { display: block; width: 100%; margin: 10px 0 4px; }
progress { appearance: none; height: 6px; border: 0; border-radius: 3px; background: var(--border-color-primary); }
progress::-webkit-progress-bar { border-radius: 3px; background: var(--border-color-primary); }
progress::-webkit-progress-value { border-radius: 3px; background: var(--color-accent); }
progress::-moz-progress-bar { border-radius: 3px; background: var(--color-accent); }
li[role=option][aria-label*="— not here:"] { opacity: .6; cursor: not-allowed; }
.picture { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85em; }
mark { background: var(--primary-200); color: var(--neutral-950); border-radius: 3px; padding: 0 2px; }
#row-view pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 8px; font: inherit; }
#row-view .turn { margin: 8px 0 2px; color: var(--body-text-color-subdued); font-size: .85em; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 16px; }
ins, del { border-radius: 3px; padding: 0 2px; text-decoration: none; color: var(--neutral-950); }
ins { background: #bbf7d0; }
del { background: #fecaca; }
.starter { margin: 0; color: var(--body-text-color-subdued); }
.starter progress { display: block; width: 100%; margin-top: 6px; }
.starter.failed { color: var(--body-text-color); border-left: 4px solid #b91c1c; padding-left: 10px; }
.message-markdown-disabled { white-space: pre-wrap !important; }
/* The message of an error says what to do; a badge over each output would only hide what stands there. */
[data-testid="status-tracker"]:has(> .error) { display: none !important; }
/* Gradio heads every message of its page with its kind, and drops the title that gr.Error is given. */
.toast-title.error { font-size: 0; }
.toast-title.error::before { content: "Please check"; font-size: 14px; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
"""


def theme() -> Any:
    """Tunebench's theme; a value that ends in `_dark` is the one of dark mode."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.indigo,
        secondary_hue="slate",
        neutral_hue="slate",
        font=FONT,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_md,
    ).set(**_surfaces(), **_texts(), **_inputs(), **_buttons())


def _surfaces() -> dict[str, str]:
    return {
        "body_background_fill": "*neutral_50",
        "body_background_fill_dark": "*neutral_950",
        "block_background_fill": "white",
        "block_background_fill_dark": "*neutral_900",
        "block_border_width": "1px",
        "block_shadow": "0 1px 2px rgba(15, 23, 42, .06)",
        "block_shadow_dark": "none",
        "color_accent": "*primary_600",
        "slider_color": "*primary_600",
    }


def _texts() -> dict[str, str]:
    return {
        "block_label_text_color": "*neutral_700",
        "block_label_text_color_dark": "*neutral_200",
        "block_info_text_color": "*neutral_600",
        "block_info_text_color_dark": "*neutral_300",
        "block_title_text_color": "*neutral_800",
        "block_title_text_color_dark": "*neutral_100",
        "body_text_color_subdued": "*neutral_600",
        "body_text_color_subdued_dark": "*neutral_300",
        "link_text_color": "*primary_700",
        "link_text_color_dark": "*primary_300",
    }


def _inputs() -> dict[str, str]:
    return {
        "input_border_width": "1px",
        "input_border_width_dark": "1px",
        "input_border_color": "*neutral_400",
        "input_border_color_dark": "*neutral_600",
        "input_background_fill": "white",
        "input_background_fill_dark": "*neutral_950",
        "input_placeholder_color": "*neutral_500",
        "input_placeholder_color_dark": "*neutral_400",
    }


def _buttons() -> dict[str, str]:
    return {
        "button_primary_background_fill": "*primary_600",
        "button_primary_background_fill_hover": "*primary_700",
        "button_primary_background_fill_dark": "*primary_600",
        "button_primary_text_color": "white",
        "button_primary_text_color_dark": "white",
        "button_secondary_background_fill": "white",
        "button_secondary_background_fill_dark": "*neutral_800",
        "button_secondary_border_color": "*neutral_300",
        "button_border_width": "1px",
        "button_cancel_background_fill": STOP_RED,
        "button_cancel_background_fill_dark": STOP_RED,
        "button_cancel_text_color": "white",
        "button_cancel_text_color_dark": "white",
    }
