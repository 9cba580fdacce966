"""The shapes of instruction data, and the mapping from a shape's fields to the columns of a file."""

from dataclasses import dataclass

from core.errors import SettingProblem


@dataclass(frozen=True)
class Field:
    """A field of a shape; `aliases` are other names under which columns of this meaning are found."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Shape:
    """A way in which examples are laid out in columns."""

    title: str
    fields: tuple[Field, ...]


PROMPTS = ("prompt", "instruction", "input", "query", "request", "user", "message", "customer message", "source")
ANSWERS = ("completion", "response", "output", "answer", "reply", "agent reply", "assistant", "chosen", "summary")
LABELS = ("category", "intent", "class", "sentiment", "topic", "target", "tag", "label text")

SHAPES = {
    "alpaca": Shape(
        "Instruction, input, output (Alpaca)",
        (Field("instruction", ("task",)), Field("input", required=False), Field("output")),
    ),
    "dolly": Shape(
        "Instruction, context, response (Dolly)",
        (Field("instruction"), Field("context", ("input",), required=False), Field("response", ("output",))),
    ),
    "prompt_completion": Shape(
        "Prompt, completion", (Field("prompt", (*PROMPTS, "text", "body")), Field("completion", ANSWERS))
    ),
    "question_answer": Shape(
        "Question, answer", (Field("question", ("query", "problem")), Field("answer", ("best answer", *ANSWERS)))
    ),
    "text_label": Shape(
        "Text, label",
        (Field("text", ("message", "sentence", "utterance", "content", "review", "body")), Field("label", LABELS)),
    ),
    "messages": Shape("Chat: messages (OpenAI)", (Field("messages", ("conversation", "chat", "dialogue")),)),
    "conversations": Shape("Chat: conversations (ShareGPT)", (Field("conversations", ("conversation",)),)),
}

ACCEPTED = (
    "Accepted columns: instruction/input/output, instruction/context/response, prompt/completion, question/answer, "
    "text/label, messages (role, content), conversations (from, value)."
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
