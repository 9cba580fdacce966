"""Chat templates: the tokenizer's own, or one of a short list that needs no new token.

In those of the list an answer ends with the tokenizer's end token, which every model knows; marks of turns are text.
Where a tokenizer begins every text with a token by itself, so do they.
"""

import copy
from collections.abc import Sequence
from typing import Any

from core.errors import LabError
from core.records import Message
from core.settings import TrainSettings

CHATML = (
    "{% for turn in messages %}{{ '<|im_start|>' + turn['role'] + '\n' + turn['content'] + eos_token + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
ZEPHYR = (
    "{% for turn in messages %}{{ '<|' + turn['role'] + '|>\n' + turn['content'] + eos_token + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
ALPACA = (
    "{% for turn in messages %}{% if turn['role'] == 'assistant' %}"
    "{{ '### Response:\n' + turn['content'] + eos_token + '\n\n' }}"
    "{% elif turn['role'] == 'system' %}{{ turn['content'] + '\n\n' }}"
    "{% elif turn['role'] == 'user' %}{{ '### Instruction:\n' + turn['content'] + '\n\n' }}"
    "{% else %}{{ '### Input:\n' + turn['content'] + '\n\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '### Response:\n' }}{% endif %}"
)
PLAIN = (
    "{% for turn in messages %}{{ turn['role'] | capitalize + ':\n' + turn['content'] }}"
    "{% if turn['role'] == 'assistant' %}{{ eos_token }}{% endif %}{{ '\n\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:\n' }}{% endif %}"
)
TEMPLATES = {"chatml": CHATML, "zephyr": ZEPHYR, "alpaca": ALPACA, "plain": PLAIN}

# Input, a line break, output and the end: what the goal "task" learns, and how it is asked afterwards.
TASK = (
    "{% for turn in messages %}{{ turn['content'] }}{% if turn['role'] == 'assistant' %}{{ eos_token }}"
    "{% if not loop.last %}{{ '\n' }}{% endif %}{% else %}{{ '\n' }}{% endif %}{% endfor %}"
)
# A prompt as it stands, for a base model that has learned to go on with texts.
CONTINUED = (
    "{% for turn in messages %}{{ turn['content'] }}{% if turn['role'] == 'assistant' %}{{ eos_token }}{% endif %}"
    "{% if not loop.last %}{{ '\n' }}{% endif %}{% endfor %}"
)


def with_template(tokenizer: Any, settings: TrainSettings) -> Any:
    """The tokenizer with the chat template of these settings: itself if that is its own, else a copy.

    The goal "task" has a template without chat marks. A base model that is to learn texts may do without one: its
    prompts are then continued as they stand.

    Raises:
        LabError: the template is to be the model's own, and it has none; or the tokenizer has no end token, or cannot
            tell which token stands where.
    """
    if tokenizer.eos_token is None or not tokenizer.is_fast:
        lack = "has no end token" if tokenizer.eos_token is None else "is of an old kind without places of tokens"
        raise LabError(f"The tokenizer of this model {lack}, so it cannot be trained here. Choose another model.")
    if settings.goal == "task":
        return templated(tokenizer, beginning(tokenizer) + TASK)
    if settings.template != "own":
        return templated(tokenizer, beginning(tokenizer) + TEMPLATES[settings.template])
    if tokenizer.chat_template:
        return tokenizer
    if settings.goal == "text":
        return templated(tokenizer, beginning(tokenizer) + CONTINUED)
    raise LabError(
        "This base model has no chat template, so it does not know who is speaking. Set “Chat template” to one of "
        f"{', '.join(TEMPLATES)}; or “What is learned” to task or text; or choose an instruct or chat model: their "
        "names often end in -Instruct, -it or -chat."
    )


def templated(tokenizer: Any, template: str) -> Any:
    """A copy of the tokenizer with this chat template; both share the vocabulary."""
    tokenizer = copy.copy(tokenizer)
    tokenizer.chat_template = template
    return tokenizer


def beginning(tokenizer: Any) -> str:
    """The token with which the tokenizer begins every text by itself, or nothing."""
    ids = tokenizer("a", verbose=False)["input_ids"]
    return str(tokenizer.bos_token) if tokenizer.bos_token and ids[:1] == [tokenizer.bos_token_id] else ""


def written(tokenizer: Any, messages: Sequence[Message], open_answer: bool) -> str:
    """A chat as text, in the tokenizer's template; with `open_answer` up to where the assistant begins to speak.

    Raises:
        LabError: the template refuses this chat, or breaks on it.
    """
    from jinja2.exceptions import TemplateError

    chat = [message.as_dict() for message in messages]
    try:
        text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=open_answer)
    except (TemplateError, TypeError, ValueError) as error:
        why = str(error).rstrip(".")
        raise LabError(f"The chat template refuses this chat: {why}. Check the order of its roles.") from error
    return encodable(text)


def encodable(text: str) -> str:
    """The text with halves of characters (lone surrogates) put together or replaced: tokenizers take only UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
