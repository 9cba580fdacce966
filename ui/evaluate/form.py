"""What a report looks at: the parts, and under “Settings of the report” how."""

from typing import Any

import gradio as gr

from core.settings import EvaluateSettings, Limits
from ui.common import unchecked

PARTS = {
    "scores": "Scores on held-out rows",
    "confidence": "Confidence",
    "forgetting": "Forgetting",
    "following": "Following instructions",
    "probes": "Truth, bias, toxicity",
    "leaks": "Memorising and leaks",
}
CHOICES = {"nearest": "Most like the prompt", "random": "The same for all, drawn"}
PROBES = "Own probes (optional): TruthfulQA.csv, BBQ .jsonl, or the format of the README"
ABOUT_PROBES = "Questions with options, put besides those that come with Tunebench: 200 at most, drawn."


def build(limits: Limits) -> tuple[dict[str, Any], gr.File]:
    """The fields by the names of `EvaluateSettings`, in its order; and where a file of probes is dropped."""
    about = {name: EvaluateSettings.field(name) for name in EvaluateSettings.model_fields}
    shown = {name: {"label": field["label"], "info": field["info"]} for name, field in about.items()}
    parts = gr.CheckboxGroup(
        [(title, name) for name, title in PARTS.items()], value=list(PARTS), **shown["parts"], elem_id="evaluate-parts"
    )
    with gr.Accordion("Settings of the report", open=False):
        with gr.Row():
            most = {"held_out_rows": limits.held_out_rows, "most_tokens": limits.new_tokens}
            numbers = {
                name: gr.Number(
                    min(about[name]["value"], most.get(name, 10**9)), precision=0, min_width=160, **shown[name]
                )
                for name in ("held_out_rows", "most_tokens", "few_shot")
            }
        with gr.Row():
            choice = gr.Radio(
                [(title, name) for name, title in CHOICES.items()], value="nearest", **shown["few_shot_choice"]
            )
            seed = gr.Number(about["seed"]["value"], precision=0, **shown["seed"])
        canaries = gr.Textbox("", lines=2, **shown["canaries"])
        probes = gr.File(label=PROBES, file_count="single", height=120, elem_id="evaluate-probes")
        gr.Markdown(ABOUT_PROBES, container=False)
    fields = {"parts": parts, **numbers, "few_shot_choice": choice, "canaries": canaries, "seed": seed}
    return {name: unchecked(fields[name]) for name in EvaluateSettings.model_fields}, probes
