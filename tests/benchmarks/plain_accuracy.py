"""The accuracy of a run on held-out labels, by plain transformers and peft alone, against which the report is checked.

    python tests/benchmarks/plain_accuracy.py MODEL_FOLDER RUN_FOLDER HELD_OUT.csv

The file has the columns text and category. An answer is right if it is the label, but for case, spaces and punctuation.
"""

import csv
import re
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

model_folder, run_folder, held_out = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(model_folder)
model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
model = PeftModel.from_pretrained(model, f"{run_folder}/adapter").eval()


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


with open(held_out, encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
right = 0
for row in rows:
    chat = [{"role": "user", "content": row["text"]}]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        out = model.generate(**ids, max_new_tokens=24, do_sample=False)
    answer = tokenizer.decode(out[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
    right += plain(answer) == plain(row["category"])
print(f'{{"right": {right}, "rows": {len(rows)}, "accuracy": {right / len(rows)}}}')
