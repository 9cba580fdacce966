"""Wordings of an instruction for common tasks, at least eight each, for a person to choose from and to edit.

`{input}` stands for the row's own text and always has a paragraph of its own, so that the instruction can move to the
system turn; `{target}` for what a person says is wanted (a language, a tone, what to extract).
"""

INPUT, LABELS, TARGET = "{input}", "{labels}", "{target}"

WORDINGS: dict[str, tuple[str, ...]] = {
    "classify": (
        "Classify the following text. Answer with the label only.\n\n{input}",
        "Which label fits this text? Reply with the label and nothing else.\n\n{input}",
        "Read the text below and name the class it belongs to.\n\n{input}",
        "{input}\n\nWhat is the right label for this text? Give only the label.",
        "Assign one label to this text:\n\n{input}",
        "You sort texts into classes. Say which class this one is in.\n\nText: {input}",
        "Decide what kind of text this is, and answer with one label.\n\n{input}",
        "{input}\n\nTo which class does this belong? One label, no explanation.",
    ),
    "extract": (
        "Extract {target} from the following text.\n\n{input}",
        "Read the text and list {target}.\n\n{input}",
        "Find {target} in the text below. Answer with what you find and nothing else.\n\n{input}",
        "{input}\n\nFrom this text, give {target}.",
        "Which part of this text states {target}? Write out only that.\n\n{input}",
        "Your task is to pull {target} out of a text.\n\nText: {input}",
        "Look through this text for {target} and copy it out.\n\n{input}",
        "{input}\n\nName {target} as given in this text.",
    ),
    "summarise": (
        "Summarise the following text.\n\n{input}",
        "Write a short summary of this text.\n\n{input}",
        "What are the main points of the text below?\n\n{input}",
        "{input}\n\nSum up this text in a few words.",
        "Read this and tell me briefly what it says.\n\n{input}",
        "Shorten this text to what matters most.\n\nText: {input}",
        "Give the gist of the following.\n\n{input}",
        "{input}\n\nTL;DR:",
    ),
    "translate": (
        "Translate the following text into {target}.\n\n{input}",
        "Put this text into {target}.\n\n{input}",
        "How would you say this in {target}?\n\n{input}",
        "{input}\n\nTranslate this text into {target}. Give only the translation.",
        "Write this text in {target}, keeping its meaning and tone.\n\n{input}",
        "You are a translator into {target}. Translate this.\n\nText: {input}",
        "Please give me the {target} version of this text:\n\n{input}",
        "{input}\n\nWhat is this in {target}?",
    ),
    "rewrite": (
        "Rewrite the following text in this tone: {target}.\n\n{input}",
        "Change the tone of this text to {target} and keep what it says.\n\n{input}",
        "Say the same in other words. The tone should be {target}.\n\n{input}",
        "{input}\n\nRewrite this text so that it sounds {target}.",
        "Make this text {target} without changing its content.\n\n{input}",
        "You are an editor. Give this text a tone that is {target}.\n\nText: {input}",
        "Here is a draft. Word it so that it is {target}.\n\n{input}",
        "{input}\n\nHow would this read in a tone that is {target}?",
    ),
    "answer": (
        "Answer the following question.\n\n{input}",
        "Give a clear answer to this question.\n\n{input}",
        "Read the question below and answer it.\n\n{input}",
        "{input}\n\nPlease answer this question.",
        "What is the answer to this?\n\n{input}",
        "Someone asks you this. Reply helpfully and to the point.\n\nQuestion: {input}",
        "I have a question:\n\n{input}",
        "{input}\n\nExplain the answer.",
    ),
    "free": (
        "Do what is asked below.\n\n{input}",
        "Respond to the following.\n\n{input}",
        "Here is a request. Fulfil it as well as you can.\n\n{input}",
        "{input}\n\nWrite the response to this message.",
        "Read this message and reply to it.\n\n{input}",
        "You are a helpful assistant. Take care of this.\n\nRequest: {input}",
        "Please help with this:\n\n{input}",
        "{input}\n\nWhat would be a good response to this?",
    ),
}
