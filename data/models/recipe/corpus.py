"""The training text: sources of the Python standard library, and chat turns made from them."""

import ast
import copy
import hashlib
import random
import sysconfig
from pathlib import Path
from typing import NamedTuple

# Not everywhere installed (tests), installed by the user (packages), tables rather than text
# (encodings, pydoc_data), or full of addresses of package servers (distutils, ensurepip).
SKIPPED_FOLDERS = {
    "site-packages",
    "dist-packages",
    "test",
    "tests",
    "idle_test",
    "encodings",
    "pydoc_data",
    "distutils",
    "ensurepip",
}
# How this Python was built: differs between machines and holds their paths.
SKIPPED_PREFIXES = ("_sysconfigdata", "config-")
SHORTEST_FILE = 500
SYSTEM_PROMPT_SHARE = 1 / 3
HELD_OUT_SHARE = 1 / 20
TELLING_LENGTH = 30
LARGEST_KNOWN_SHARE = 1 / 4

SYSTEM_PROMPTS = (
    "You are a Python programmer.",
    "You answer questions about Python code.",
    "You are a helpful assistant. Answer briefly.",
)
REQUESTS = (
    "Write a Python function `{name}`. {summary}",
    "Write `{name}` in Python: {summary}",
    "Please write the function `{name}`. {summary}",
)
QUESTIONS = (
    "What does this function do?\n\n{code}",
    "Write a docstring for this function.\n\n{code}",
    "Explain this Python code.\n\n{code}",
)
LONGEST_CODE = 1200
LONGEST_PROSE = 400


class Document(NamedTuple):
    """One source file: its path inside the standard library, and its text."""

    path: str
    text: str


def read_documents():
    """The standard library's source files, in the order of their paths."""
    root = Path(sysconfig.get_paths()["stdlib"])
    documents = []
    for file in sorted(root.rglob("*.py")):
        path = file.relative_to(root)
        if SKIPPED_FOLDERS & set(path.parts) or path.parts[0].startswith(SKIPPED_PREFIXES):
            continue
        text = file.read_text(encoding="utf-8")
        if len(text) >= SHORTEST_FILE:
            documents.append(Document(path.as_posix(), text))
    return documents


def corpus_digest(documents):
    """SHA-256 over all paths and texts: equal digests mean the same training text."""
    digest = hashlib.sha256()
    for document in documents:
        for part in document:
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()


def path_rank(document):
    """A number in [0, 1) that depends on the path alone."""
    return int.from_bytes(hashlib.sha256(document.path.encode()).digest()[:8], "big") / 2**64


def split_held_out(documents):
    """Training and held-out documents. A file's side does not depend on which other files exist."""
    train = [document for document in documents if path_rank(document) >= HELD_OUT_SHARE]
    held_out = [document for document in documents if path_rank(document) < HELD_OUT_SHARE]
    known = set().union(*(telling_lines(document.text) for document in train))
    return train, [document for document in held_out if is_new(document, known)]


def telling_lines(text):
    """The lines of `text` that are long enough not to be the same by chance."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= TELLING_LENGTH}


def is_new(document, known):
    """Whether a held-out file is more than a copy of lines known from training: some modules share code."""
    lines = telling_lines(document.text)
    return len(lines & known) <= LARGEST_KNOWN_SHARE * len(lines)


def middle_lines(text, share):
    """The middle `share` of the lines of `text`: past the licence and the imports, before the tests."""
    lines = text.splitlines(keepends=True)
    cut = round(len(lines) * (1 - share) / 2)
    return "".join(lines[cut : len(lines) - cut])


def held_out_slice(held_out, max_bytes):
    """The same share of every held-out file, `max_bytes` at most."""
    share = max_bytes / sum(len(document.text.encode()) for document in held_out)
    while True:
        text = "".join(middle_lines(document.text, share) for document in held_out)
        if len(text.encode()) <= max_bytes:
            return text
        share *= 0.99


def documented_functions(text):
    """(syntax tree, source, docstring) of the functions in `text` that have a docstring."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node):
            source = ast.get_source_segment(text, node, padded=True)
            yield node, dedent(source, node.col_offset), ast.get_docstring(node)


def dedent(source, columns):
    """`source` with up to `columns` leading spaces removed from each line."""
    lines = source.split("\n")
    return "\n".join(line[min(columns, len(line) - len(line.lstrip(" "))) :] for line in lines)


def without_docstring(node):
    """The source of a function without its docstring and comments; `None` if nothing is left."""
    bare = copy.copy(node)
    bare.body = node.body[1:]
    return ast.unparse(bare) if bare.body else None


def write_turn(rng, node, source, docstring):
    """Asks for a function; the answer is its source."""
    summary = " ".join(docstring.split("\n\n")[0].split())
    if len(source) > LONGEST_CODE or len(summary) > LONGEST_PROSE:
        return None
    question = rng.choice(REQUESTS).format(name=node.name, summary=summary)
    return question, source


def explain_turn(rng, node, source, docstring):
    """Shows a function without its docstring; the answer is the docstring's first paragraph."""
    code = without_docstring(node)
    answer = docstring.split("\n\n")[0]
    if code is None or len(code) > LONGEST_CODE or len(answer) > LONGEST_PROSE:
        return None
    return rng.choice(QUESTIONS).format(code=code), answer


def make_turns(documents, seed):
    """One (question, answer) pair from every documented function that is short enough."""
    rng = random.Random(seed)
    turns = []
    for document in documents:
        for function in documented_functions(document.text):
            make_turn = rng.choice((write_turn, explain_turn))
            turns.append(make_turn(rng, *function))
    turns = [turn for turn in turns if turn]
    rng.shuffle(turns)
    return turns


def make_conversations(turns, seed):
    """Chats of one to three turns, about a third with a system prompt, as lists of messages."""
    rng = random.Random(seed)
    conversations = []
    at = 0
    while at < len(turns):
        messages = []
        if rng.random() < SYSTEM_PROMPT_SHARE:
            messages.append({"role": "system", "content": rng.choice(SYSTEM_PROMPTS)})
        count = rng.choice((1, 1, 2, 3))
        for question, answer in turns[at : at + count]:
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": answer})
        conversations.append(messages)
        at += count
    return conversations
