"""The shapes of instruction data, and the mapping from a shape's fields to the columns of a file."""

from dataclasses import dataclass

from core.errors import SettingProblem
from core.ingest import names


@dataclass(frozen=True)
class Field:
    """A field of a shape; `aliases` are other names under which columns of this meaning are found."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Shape:
    """A way in which examples are laid out in columns; at most six fields."""

    title: str
    fields: tuple[Field, ...]


SYSTEM = Field("system", tuple(names.SYSTEMS), required=False)
HISTORY = Field("history", tuple(names.HISTORIES), required=False)
CATEGORY = Field("category", tuple(names.CATEGORIES), required=False)
GROUP = Field("group", tuple(names.GROUPS), required=False)
TOOLS = Field("tools", ("functions", "function"), required=False)
ABOUT = (SYSTEM, CATEGORY, GROUP)

SHAPES = {
    "alpaca": Shape(
        "Instruction, input, output (Alpaca)",
        (
            Field("instruction", tuple(names.INSTRUCTIONS)),
            Field("input", ("inputs",), required=False),
            Field("output", ("outputs", "targets", *tuple(names.ANSWERS))),
            SYSTEM,
            HISTORY,
            CATEGORY,
        ),
    ),
    "dolly": Shape(
        "Instruction, context, response (Dolly)",
        (
            Field("instruction", tuple(names.INSTRUCTIONS)),
            Field("context", tuple(names.CONTEXTS), required=False),
            Field("response", tuple(names.ANSWERS)),
            *ABOUT,
        ),
    ),
    "prompt_completion": Shape(
        "Prompt, completion",
        (
            Field("prompt", tuple(names.PROMPTS)),
            Field("completion", tuple(names.ANSWERS)),
            SYSTEM,
            HISTORY,
            CATEGORY,
            GROUP,
        ),
    ),
    "question_answer": Shape(
        "Question, answer",
        (
            Field("question", tuple(names.QUESTIONS)),
            Field("context", tuple(names.CONTEXTS), required=False),
            Field("answer", tuple(names.ANSWERS)),
            *ABOUT,
        ),
    ),
    "text_label": Shape(
        "Text, label",
        (
            Field("text", tuple(names.TEXTS)),
            Field("text_pair", tuple(second for _, second in names.PAIRS), required=False),
            Field("label", tuple(names.LABELS)),
            CATEGORY,
            GROUP,
        ),
    ),
    "messages": Shape(
        "Chat: messages (OpenAI)",
        (Field("messages", ("conversation", "chat", "dialogue", "dialog", "turns")), TOOLS, *ABOUT),
    ),
    "conversations": Shape(
        "Chat: conversations (ShareGPT)", (Field("conversations", ("conversation",)), TOOLS, *ABOUT)
    ),
    "transcript": Shape(
        "Chat: one text with “Human:” and “Assistant:”",
        (Field("transcript", ("text", "chat", "conversation", "dialogue", "input")), *ABOUT),
    ),
    "tool_calls": Shape(
        "Tool calls: query, tools, calls",
        (
            Field("query", tuple(names.PROMPTS)),
            Field("tools", ("functions",)),
            Field("calls", tuple(names.ANSWERS)),
            *ABOUT,
        ),
    ),
    "preference": Shape(
        "Preference: prompt, chosen, rejected",
        (
            Field(
                "prompt",
                ("question", "instruction", "conversations", "messages", *tuple(names.PROMPTS)),
                required=False,
            ),
            Field("input", ("context",), required=False),
            Field("chosen", tuple(better for better, _ in names.CHOSEN_REJECTED)),
            Field("rejected", tuple(worse for _, worse in names.CHOSEN_REJECTED)),
            Field("better", tuple(names.BETTER), required=False),
            SYSTEM,
        ),
    ),
    "kto": Shape(
        "Good or bad answers (KTO)",
        (
            Field("prompt", ("messages", "conversations", *tuple(names.PROMPTS))),
            Field("input", ("context",), required=False),
            Field("completion", tuple(names.ANSWERS), required=False),
            Field("label", tuple(names.VERDICTS)),
            SYSTEM,
            CATEGORY,
        ),
    ),
    "choices": Shape(
        "Multiple choice",
        (
            Field("question", (*tuple(names.QUESTIONS), "sentence", "premise", "text")),
            Field("context", tuple(names.CONTEXTS), required=False),
            Field("choices", ("options", "endings", "a", "ans0", "sol1", "option1", "choice1")),
            Field("answer", tuple(names.RIGHT_CHOICES)),
            CATEGORY,
            GROUP,
        ),
    ),
    "tree": Shape("Message trees (OpenAssistant)", (Field("tree", ("prompt", "root")), GROUP)),
    "flat_tree": Shape(
        "Message trees, a row for each message",
        (
            Field("id", ("message id",)),
            Field("parent", ("parent id", "parent message id")),
            Field("text", ("content", "message")),
            Field("role", ("author", "from")),
            Field("rank", required=False),
            GROUP,
        ),
    ),
    "seed_tasks": Shape(
        "Instruction with several instances (Self-Instruct)",
        (Field("instruction", tuple(names.INSTRUCTIONS)), Field("instances"), SYSTEM, CATEGORY),
    ),
    "prompt_only": Shape(
        "Prompts without answers",
        (
            Field("prompt", (*tuple(names.INSTRUCTIONS), *tuple(names.QUESTIONS), "turns", *tuple(names.PROMPTS))),
            Field("input", ("context",), required=False),
            *ABOUT,
        ),
    ),
    "text": Shape("Plain text, to be continued", (Field("text", tuple(names.FREE_TEXTS)), CATEGORY, GROUP)),
}

# Columns that hold a record of their own, and so are not taken apart to dotted names: the root of a message tree, the
# lists of texts and letters of a multiple choice, a single answer with its role.
WHOLE = frozenset({"prompt", "choices", "chosen", "rejected"})

ACCEPTED = (
    "Accepted columns: instruction/input/output, instruction/context/response, prompt/completion, question/answer, "
    "text/label, messages (role, content), conversations (from, value), prompt/chosen/rejected, "
    "prompt/completion/label (KTO), question/choices/answer, message trees, prompt alone, or text alone."
)


@dataclass(frozen=True)
class Mapping:
    """Which column holds which field of a shape: `columns` goes from field name to column name."""

    shape: str
    columns: dict[str, str]

    def check_fields(self) -> None:
        """Raises `SettingProblem` if the shape or a field is unknown, or a required field has no column."""
        if self.shape not in SHAPES:
            raise SettingProblem(f"There is no shape “{self.shape[:60]}”. Shapes: {', '.join(SHAPES)}.")
        fields = {field.name: field for field in SHAPES[self.shape].fields}
        for name, field in fields.items():
            if field.required and not self.columns.get(name):
                raise SettingProblem(f"Choose the column that holds “{name}”, or another shape.")
        for name in self.columns:
            if name not in fields:
                raise SettingProblem(f"This shape has no field “{name[:60]}”. Its fields: {', '.join(fields)}.")

    def check_columns(self, columns: list[str]) -> None:
        """Raises `SettingProblem` if a mapped column is not among the `columns` of the file."""
        for column in self.columns.values():
            if column not in columns:
                there = ", ".join(f"“{name}”" for name in columns)
                raise SettingProblem(f"The file has no column “{column[:60]}”. Its columns: {there}.")
