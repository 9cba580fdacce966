"""What columns are called: names by meaning, in the languages and spellings that data sets use.

A name fits a meaning as a whole (`best_answer`, `Answers`, `answer `), or less well by its last word (`customer
message`) or its first (`prompt_text`). Within a meaning, the names before the first bar are sure, those before the
second likely, and those after it possible.
"""

import re
import unicodedata
from functools import lru_cache

Names = dict[str, float]  # how well each name fits

SURE, LIKELY, POSSIBLE = 1.0, 0.78, 0.55  # how well a name fits, by where it stands
ORDER = 0.0005  # so that of two names as good, the first listed is taken
PART = 0.95  # of that, for a part of a dotted name, or a name with a number behind it
LAST_WORD, FIRST_WORD = 0.7, 0.6  # of that, where only the last or the first word of a name is known


@lru_cache(maxsize=4096)
def plain(column: str) -> str:
    """The words of a column's name in lower case, without accents, underscores or camel case."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    bare = "".join(char for char in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(char))
    return " ".join(re.split(r"[\s_\-./:?!()\[\]]+", bare.lower())).strip()


def _listed(names: str) -> Names:
    found: Names = {}
    for part, score in zip(names.split("|"), (SURE, LIKELY, POSSIBLE), strict=False):
        for place, name in enumerate(part.split(",")):
            found.setdefault(plain(name), score - place * ORDER)
    return found


def _pairs(names: str) -> tuple[tuple[str, str], ...]:
    sides = [pair.split("/") for pair in names.split(",")]
    return tuple((first.strip(), second.strip()) for first, second in sides)


INSTRUCTIONS = _listed("""
    instruction, anweisung, consigne, instruccion, instrucao, istruzione, 指令 | definition, task definition | task,
    aufgabe""")
QUESTIONS = _listed("""
    question, query, problem, frage, pregunta, pergunta, domanda, vraag, pytanie, вопрос, 问题, 質問, question text |
    question stem, question body, ctx, goal, riddle, puzzle, q, problem statement | title, request""")
PROMPTS = _listed("""
    prompt, instruction, question, query, problem, anweisung, consigne, instruccion, instrucao, istruzione, 指令,
    frage, pregunta, pergunta, domanda, vraag, pytanie, вопрос, 问题, 質問, question text, user prompt | input, request,
    user, user input, user message, human, message, ask, inputs pretokenized, patient, customer message, customer,
    question stem, question body, ctx, goal, riddle, puzzle, q, definition, problem statement, utterance, eingabe,
    entree, entrada, ввод, 输入, 入力 | text, source text, source, src, original, article, document, dialogue, dialog,
    body, content, sentence, ticket, email, premise, description, beschreibung, passage, title, subject, headline,
    task, aufgabe, texte, texto, testo, conversation""")
ANSWERS = _listed("""
    answer, response, completion, output, reply, antwort, reponse, respuesta, resposta, risposta, antwoord,
    odpowiedz, ответ, 回答, 答案, 応答, 输出, 出力 | best answer, assistant, correct answer, right answer, answer text,
    answers text, answers spans, targets pretokenized, solution, target, summary, highlights, canonical solution,
    doctor, agent reply, resolution, tldr, sql, gpt, bot, ausgabe, sortie, salida, continuation, zusammenfassung,
    resume, resumen, chosen, expected output, ground truth, assistant message | reference, translation, code, tgt,
    tl dr, abstract, generation, paraphrase, rewritten, corrected, snippet, generated text, gold, expected,
    explanation, rationale, a, result, correct answers""")
CONTEXTS = _listed("""
    context, input, passage, paragraph, selftext, background, kontext, contexte, contexto, contesto, 上下文, eingabe |
    article, document, story, support, given, evidence, knowledge, facts | table, schema, text, body""")
SYSTEMS = _listed("""
    system, system prompt, system message, sys prompt | system instruction | system text""")
HISTORIES = _listed("""
    history, chat history, previous turns, conversation history | dialogue history | past""")
CATEGORIES = _listed("""
    category, task, topic, task type, domain, kategorie, categorie, categoria, 类别 | intent, subject, subject name,
    task name, task category, subdomain | subset, skill, type""")
GROUPS = _listed("""
    conversation id, message tree id, tree id, dialogue id, dialog id | chat id, thread id, session id, conv id |
    group, group id""")
LABELS = _listed("""
    label, label text, intent, class, sentiment, emotion, category, kategorie, categorie, categoria, etikett,
    etiquette, etiqueta, klasse, classe, clase, stimmung, 类别, 标签, метка, label name, class name | topic, tag,
    target, class index, toxic, toxicity, stars, rating, polarity, spam, is spam, stance, gold label, verdict,
    absicht, intention, is toxic, hate, department, priority, genre, airline sentiment | score, relation, grade,
    type""")
TEXTS = _listed("""
    text, sentence, utterance, message, review, tweet, comment, comment text, review body, review text, texte,
    texto, testo, sms, nachricht, satz, 文本, текст, premise, sentence1, question1, text1, full text | content, body,
    headline, document, description, post, article, news, email, statement, claim, command, phrase, ticket, query,
    question, short description, subject and body | title, prompt, input, instruction""")
FREE_TEXTS = _listed("""
    text, full text, raw content, raw text | content, document, article, story | body, passage, paragraph""")
TURNS = _listed("""
    messages, conversations, conversation, chat | dialogue, dialog, turns, data, chat messages | log, thread""")
VERDICTS = _listed("""
    label, thumbs up, good, desirable, is good, thumbs, liked, kto tag | feedback, accepted, is correct, helpful |
    rating, vote, correct""")
CHOICES = _listed("""
    choice, option, ending, answer choice | candidate, multiple choice, alternative, possible answer | ans, answer,
    sol, op""")
RIGHT_CHOICES = _listed("""
    answer, answerkey, answer key, correct answer, correct option, correct choice, right answer | label, correct,
    cop, answer idx, answer index, answer id, correct idx, gold, target, solution, richtig, correct ending | key,
    result, labels""")
WRONG_CHOICES = ("distractor", "incorrect", "wrong", "false answer")  # what their names begin with
PAIRS = _pairs("""
    premise / hypothesis, sentence1 / sentence2, question1 / question2, text1 / text2, sentence 1 / sentence 2,
    question 1 / question 2, text a / text b, sentence a / sentence b, text / text pair, claim / evidence, question
    / sentence, query / passage""")
CHOSEN_REJECTED = _pairs("""
    chosen / rejected, preferred / dispreferred, preferred / rejected, preferred / non preferred, accepted /
    rejected, better / worse, win / lose, winner / loser, good / bad, response j / response k""")
TWO_ANSWERS = ("response", "answer", "completion", "output", "conversation", "reply")  # with 0 and 1, 1 and 2, a and b
BETTER = _listed("""
    better response id, winner, preference | better, preferred, chosen model | choice, label, annotator, vote,
    verdict""")
NOT_TEXT = re.compile(
    r"(.* )?(id|ids|key|idx|uuid|guid|url|uri|link|href|date|datetime|time|timestamp|hash|path|file|filename|author|"
    r"authors|user name|username|language|lang|lang code|language code|license|locale|version|split|model|model name|"
    r"created at|updated at|number|nr|no|index|email address|phone|status|agent|flags?)|unnamed \d+|.*_at"
)
NOT_AN_ANSWER = re.compile(
    r"(.* )?(incorrect|wrong|rejected|false|bad|worse|rejected)( .*)?|.* (id|type|types|start|count|len|length|score)"
)


def fit(column: str, names: Names, whole: bool = False) -> float:
    """How well a name fits a meaning, from 0 to 1; with `whole`, one word of it alone is not enough."""
    words = plain(column)
    parts = [plain(part) for part in column.split(".")] if "." in column.strip(".") else []
    parts.append(words.rstrip("0123456789 "))
    best = max(_score(words, names), PART * max(_score(part, names) for part in parts))
    if best or whole:
        return best
    first, *_, last = [*words.split(" "), words.split(" ")[-1]]
    return max(LAST_WORD * _score(last, names), FIRST_WORD * _score(first, names))


def is_named_unlike_text(column: str) -> bool:
    """Whether a name says that the column holds ids, dates, addresses and the like."""
    return bool(NOT_TEXT.fullmatch(plain(column)))


def successor(column: str) -> str | None:
    """The name of the next column of a series, as `ans1` after `ans0`, `B` after `A`, `opb` after `opa`, if any."""
    if number := re.search(r"\d+$", column):
        return f"{column[: number.start()]}{int(number[0]) + 1}"
    if column[-1:].isascii() and column[-1:].isalpha() and column[-1] not in "zZ":
        return column[:-1] + chr(ord(column[-1]) + 1)
    return None


def _score(words: str, names: Names) -> float:
    return names.get(words) or names.get(_singular(words)) or 0.0


def _singular(words: str) -> str:
    return words[:-1] if len(words) > 3 and words.endswith("s") and not words.endswith("ss") else words
