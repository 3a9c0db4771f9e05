"""Question answering beside Transformers: its tokenizer makes the windows, its model the scores, and the rules of google-research/bert
run_squad.py, stated again here, the answers. `albert evaluate` and `albert predict` must give the same."""

import collections
import json
import math
import random
import re
import subprocess

import pytest
import torch
from transformers import AlbertConfig, AlbertForQuestionAnswering, AutoTokenizer

N_BEST = 20
Limits = collections.namedtuple("Limits", "length stride question answer")  # in tokens
SHORT = Limits(length=64, stride=17, question=30, answer=8)
WORDS = "the old river ran past a mill and two small bridges where Anna sold bread in 1999 for 3,50 to café guests".split()
ODD_WORDS = ["cafe\u0301", "ﬁne", "2½", "naïve", "„quoted“", "ＡＢ", "İzmir", "A\u030angström", "e.g.", "don't", "a\u00a0b", "—"]


def invented_text(random_, count):
    """Words with some that normalisation rewrites, apart by one space or two."""
    text = ""
    for _ in range(count):
        text += random_.choice(WORDS if random_.random() < 0.85 else ODD_WORDS) + random_.choice([" ", " ", " ", "  ", "\n"])
    return text.strip()


def invented_squad(seed=5):
    """Contexts of one to six windows, each with three questions; one in four has no answer."""
    random_ = random.Random(seed)
    paragraphs = []
    for number in range(12):
        context = invented_text(random_, 12 + 12 * number)
        questions = []
        for letter in "abc":
            words = context.split()
            answer = random_.choice(words)
            has_answer = random_.random() < 0.75
            answers = [{"text": answer, "answer_start": context.index(answer)}] if has_answer else []
            questions.append({"id": f"{number}{letter}", "question": invented_text(random_, 3) + "?", "answers": answers,
                              "is_impossible": not has_answer})
        paragraphs.append({"context": context, "qas": questions})
    return {"version": "v2.0", "data": [{"title": "invented", "paragraphs": paragraphs}]}


def questions_of(squad):
    return [(question, paragraph["context"]) for article in squad["data"] for paragraph in article["paragraphs"]
            for question in paragraph["qas"]]


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """model/, a model of Transformers with random weights and the task in its config.json; dev-v2.0.json."""
    folder = tmp_path_factory.mktemp("questions")
    (folder / "text.txt").write_text(invented_text(random.Random(1), 20000))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 64, "--output", folder / "model")
    torch.manual_seed(3)
    config = AlbertConfig(vocab_size=64, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
                          max_position_embeddings=SHORT.length, initializer_range=0.5)
    AlbertForQuestionAnswering(config).save_pretrained(folder / "model")
    write_task(folder / "model", SHORT)
    (folder / "dev-v2.0.json").write_text(json.dumps(invented_squad(), ensure_ascii=False))
    return folder


def write_task(model, limits):
    question = dict(stride=limits.stride, max_question_length=limits.question, max_answer_length=limits.answer, n_best=N_BEST, no_answer=True,
                    show_n_best=True)
    config = json.loads((model / "config.json").read_text())
    config["albert_cpp"] = {"task": {"kind": "question", "name": "squad2", "max_sequence_length": limits.length, "question": question,
                                     "labels": []}}
    (model / "config.json").write_text(json.dumps(config))


class Reference:
    """The same predictions from Transformers' parts."""

    def __init__(self, folder, limits):
        self.limits = limits
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AlbertForQuestionAnswering.from_pretrained(folder).eval()

    def windows(self, question, context):
        length = len(self.tokenizer(question, add_special_tokens=False)["input_ids"])
        assert length <= self.limits.question
        capacity = self.limits.length - 3 - length
        return self.tokenizer(question, context, truncation="only_second", max_length=self.limits.length,
                              stride=max(capacity - self.limits.stride, 0), return_overflowing_tokens=True, return_offsets_mapping=True)

    def scores(self, windows, index):
        with torch.no_grad():
            output = self.model(input_ids=torch.tensor([windows["input_ids"][index]]),
                                token_type_ids=torch.tensor([windows["token_type_ids"][index]]))
        return output.start_logits[0].tolist(), output.end_logits[0].tolist()

    def best_window(self, spans, token):
        """Of the windows with a token the first that shows most around it (_check_is_max_context)."""
        best, best_score = None, None
        for number, (begin, length) in enumerate(spans):
            if not begin <= token < begin + length:
                continue
            score = min(token - begin, begin + length - 1 - token) + 0.01 * length
            if best_score is None or score > best_score:
                best, best_score = number, score
        return best

    def candidates(self, windows, context):
        """(score, start score, end score, text) of every allowed span, and the smallest score of there being none."""
        sequences = [windows.sequence_ids(i) for i in range(len(windows["input_ids"]))]
        firsts = [ids.index(1) for ids in sequences]
        lengths = [ids.count(1) for ids in sequences]
        spans = [(i * min(self.limits.stride, lengths[0]), length) for i, length in enumerate(lengths)]
        found, none = [], None
        for i, (first, length) in enumerate(zip(firsts, lengths)):
            starts, ends = self.scores(windows, i)
            if none is None or starts[0] + ends[0] < none[0]:
                none = (starts[0] + ends[0], starts[0], ends[0], "")
            tokens = self.tokenizer.convert_ids_to_tokens(windows["input_ids"][i])
            offsets = windows["offset_mapping"][i]
            best_ends = sorted(range(len(ends)), key=lambda k: -ends[k])[:N_BEST]
            for start in sorted(range(len(starts)), key=lambda k: -starts[k])[:N_BEST]:
                if not first <= start < first + length or self.best_window(spans, start - first + spans[i][0]) != i:
                    continue
                for end in best_ends:
                    if not start <= end < first + length or end - start >= self.limits.answer:
                        continue
                    begin, stop = offsets[start][0], offsets[end][1]
                    if tokens[end] == "▁":
                        stop = offsets[end][0]  # there it covers the first character of its word
                    if text := with_marks(context, begin, stop, offsets, end, first + length).strip():
                        found.append((starts[start] + ends[end], starts[start], ends[end], text))
        return found, none

    def answer(self, question, context):
        found, none = self.candidates(self.windows(question, context), context)
        seen, n_best = set(), []
        for entry in sorted(found + [none], key=lambda entry: -entry[0]):
            if len(n_best) < N_BEST and entry[3] not in seen:
                seen.add(entry[3])
                n_best.append(entry)
        if "" not in seen:
            n_best.append(none)
        best = next(entry for entry in n_best if entry[3])
        total = sum(math.exp(entry[0]) for entry in n_best)
        return Answer(best[3], none[0] - best[0], [(entry[3], math.exp(entry[0]) / total) for entry in n_best])


Answer = collections.namedtuple("Answer", "text null_odds n_best")


def with_marks(context, begin, stop, offsets, end, behind):
    """The text of a span with the combining marks that normalisation dropped behind its last letter."""
    limit = offsets[end + 1][0] if end + 1 < behind else len(context)
    while stop < limit and "\u0300" <= context[stop] <= "\u036f":
        stop += 1
    return context[begin:stop]


def agree(ours, reference, tolerance=2e-4):
    """Whether two n-best lists are the same, up to the order of entries that are all but equal."""
    if len(ours) != len(reference):
        return False
    if any(abs(mine["probability"] - other[1]) > tolerance for mine, other in zip(ours, reference)):
        return False
    probabilities = dict(reference)
    return all(abs(probabilities.get(mine["text"], 9) - mine["probability"]) < tolerance or mine is ours[-1] for mine in ours)


@pytest.fixture(scope="module")
def predictions(albert, place):
    """What `albert evaluate` writes, and its figures."""
    output = place / "predictions.json"
    figures = json.loads(albert("evaluate", "--model", place / "model", "--data", place / "dev-v2.0.json", "--output", output, "--json"))
    files = {name: json.loads((place / f"predictions{name}.json").read_text()) for name in ("", ".n_best", ".null_odds")}
    return files, figures


def test_windows_scores_and_answers_are_those_of_transformers(place, predictions):
    files, _ = predictions
    reference = Reference(place / "model", SHORT)
    num_windows = 0
    for question, context in questions_of(invented_squad()):
        expected = reference.answer(question["question"], context)
        num_windows += len(reference.windows(question["question"], context)["input_ids"])
        identity = question["id"]
        assert files[".null_odds"][identity] == pytest.approx(expected.null_odds, abs=1e-3)
        assert agree(files[".n_best"][identity], expected.n_best), (identity, files[".n_best"][identity], expected.n_best)
        assert files[""][identity] == ("" if expected.null_odds > 0 else expected.text)
    assert num_windows > 3 * len(files[""])


def test_another_stride_would_show(place, predictions):
    files, _ = predictions
    reference = Reference(place / "model", SHORT._replace(stride=SHORT.stride + 1))
    same = [agree(files[".n_best"][question["id"]], reference.answer(question["question"], context).n_best)
            for question, context in questions_of(invented_squad())]
    assert same.count(False) > len(same) / 2


def test_figures_are_those_of_the_files(albert, place, predictions):
    _, figures = predictions
    scored = json.loads(albert("score", "--task", "squad2", "--gold", place / "dev-v2.0.json", "--predictions", place / "predictions.json",
                               "--json"))
    for name in ("exact_match", "f1", "has_answer_f1", "no_answer_f1"):
        assert figures[name] == pytest.approx(scored[name], abs=1e-9)
    assert figures["best_f1"] >= figures["f1"]


def test_a_stream_gets_the_same_answers(albert, place, predictions):
    files, _ = predictions
    asked = questions_of(invented_squad())
    lines = [json.dumps({"id": q["id"], "question": q["question"], "context": context}) for q, context in asked]
    answers = [json.loads(line) for line in
               albert("predict", "--model", place / "model", "--format", "jsonl", stdin="\n".join(lines) + "\n").splitlines()]
    assert [answer["id"] for answer in answers] == [question["id"] for question, _ in asked]
    for answer, (question, context) in zip(answers, asked):
        assert (answer["answer"] or "") == files[""][question["id"]]
        assert answer["null_odds"] == pytest.approx(files[".null_odds"][question["id"]], abs=1e-4)
        if answer["answer"]:
            assert context[answer["start"] : answer["end"]] == answer["answer"]
        assert len(answer["n_best"]) == len(files[".n_best"][question["id"]])


def test_where_every_context_holds_an_answer_there_is_one_and_cut_questions_are_counted(albert_binary, place):
    record = {"question": "why " * 200, "context": "Anna sold bread."}
    command = [albert_binary, "predict", "--model", place / "model", "--format", "jsonl", "--set", "task.question.no_answer=false"]
    result = subprocess.run([*command, "--set", "task.question.n_best=2"], input=json.dumps(record), capture_output=True, text=True)
    answer = json.loads(result.stdout)
    assert answer["answer"] in record["context"] and 0 < answer["probability"] < 1 and len(answer["n_best"]) == 2
    assert "1 record was longer than the 30 tokens of a question that the model reads (task.question.max_question_length)" in result.stderr


def test_a_bad_record_is_named(albert, place):
    text = "who sold bread?\tAnna sold bread\nno context\nwhere?\tpast a mill\n"
    answers = [line.split("\t") for line in albert("predict", "--model", place / "model", stdin=text).splitlines() if line]
    assert [len(fields) for fields in answers] == [4, 4]  # answer, probability, start, end
    message = albert("predict", "--model", place / "model", "--on-bad-record", "stop", stdin=text, code=3)
    assert ":2: expected a question and its context apart by a tab" in message


def test_misplaced_answers_are_refused(albert, place, tmp_path):
    squad = invented_squad()
    question = next(q for q, _ in questions_of(squad) if q["answers"])
    question["answers"][0]["answer_start"] += 1
    (tmp_path / "dev.json").write_text(json.dumps(squad))
    message = albert("evaluate", "--model", place / "model", "--data", tmp_path / "dev.json", code=3)
    assert f"question {question['id']}: the answer is not at its place" in message and "expected" in message and "found" in message


# ---- real text -----------------------------------------------------------------------------------------------------------------------


def some_of(squad, every):
    """One question in so many, each with a paragraph of its own, as if none had an answer."""
    asked = questions_of(squad)[::every]
    return {"data": [{"paragraphs": [{"context": context, "qas": [{"id": question["id"], "question": question["question"], "answers": []}]}
                                     for question, context in asked]}]}


@pytest.mark.parametrize("data, vocabulary, every", [
    ("squad/dev-v2.0.json", "albert-v2.spiece.model", 151),
    ("zh/cmrc2018/dev.json", "bert-chinese.vocab.txt", 61),
])
def test_real_questions_are_read_as_in_transformers(albert, shared_data, tmp_path, data, vocabulary, every):
    limits = Limits(length=160, stride=48, question=64, answer=30)
    albert("tokenizer", "convert", "--tokenizer", shared_data / "vocab" / vocabulary, "--output", tmp_path / "model")
    torch.manual_seed(5)
    config = AlbertConfig(vocab_size=30000, embedding_size=16, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
                          max_position_embeddings=limits.length, initializer_range=0.5)
    AlbertForQuestionAnswering(config).save_pretrained(tmp_path / "model")
    write_task(tmp_path / "model", limits)
    squad = some_of(json.loads((shared_data / "data" / data).read_text()), every)
    (tmp_path / "dev.json").write_text(json.dumps(squad))
    albert("evaluate", "--model", tmp_path / "model", "--data", tmp_path / "dev.json", "--output", tmp_path / "predictions.json")
    n_best = json.loads((tmp_path / "predictions.n_best.json").read_text())
    reference = Reference(tmp_path / "model", limits)
    others = [question["id"] for question, context in questions_of(squad)
              if not agree(n_best[question["id"]], reference.answer(question["question"], context).n_best)]
    assert len(n_best) > 50 and not others


# ---- learning ------------------------------------------------------------------------------------------------------------------------

NAMES = "Anna Bertram Clara David Emma Frederick".split()
PLACES = "garden church library station harbour kitchen".split()
DAYS = "Monday Tuesday Friday Sunday".split()
LEARNING = """
# albert finetune --config learn.yaml --model MODEL --data DATA --run-dir RUN
task: {{name: where, kind: question, max_sequence_length: 24, question: {{max_question_length: 8, stride: 8, no_answer: {no_answer}}}}}
model: {{hidden_dropout_prob: 0, classifier_dropout_prob: 0}}
optimizer: {{learning_rate: 0.002, bias_correction: true}}
schedule: {{warmup_steps: 20}}
train: {{steps: {steps}, batch_size: 16, micro_batch_size: 16, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: {every}}}
"""


def small_questions(no_answer):
    """64 questions about contexts of one or two windows; with `no_answer` a context in three does not say when it was."""
    random_ = random.Random(2)
    paragraphs = []
    for number in range(22):
        name, place, day = random_.choice(NAMES), random_.choice(PLACES), random_.choice(DAYS)
        has_day = not (no_answer and number % 3 == 0)
        rest = "and it was very quiet there for a long time before".split()[: random_.randrange(11)]
        context = " ".join(([f"On {day}"] if has_day else []) + [f"{name} sat in the {place}", *rest]) + "."
        questions = []
        for letter, question, answer in zip("abc", ["Who sat there?", "Where?", "When was it?"], [name, place, day if has_day else None]):
            answers = [{"text": answer, "answer_start": context.index(answer)}] if answer else []
            questions.append({"id": f"{number}{letter}", "question": question, "answers": answers})
        paragraphs.append({"context": context, "qas": questions[: 64 - 3 * number]})
    return {"data": [{"paragraphs": paragraphs}]}


@pytest.mark.parametrize("head", ["plain", "joint"])
def test_64_questions_are_learnt(albert, tmp_path, head):
    no_answer = head == "joint"
    questions = small_questions(no_answer)
    assert len(questions_of(questions)) == 64
    for part in ("train", "dev"):
        (tmp_path / f"{part}.json").write_text(json.dumps(questions))
    words = sorted({word for question, context in questions_of(questions)
                    for word in re.findall(r"\w+|[^\w\s]", f"{context} {question['question']}".lower())})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]  # WordPiece, of whole words
    (tmp_path / "base").mkdir()
    (tmp_path / "base/vocab.txt").write_text("\n".join(vocabulary) + "\n")
    torch.manual_seed(4)
    config = AlbertConfig(vocab_size=len(vocabulary), embedding_size=32, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
                          max_position_embeddings=24, initializer_range=0.1)
    AlbertForQuestionAnswering(config).save_pretrained(tmp_path / "base")
    (tmp_path / "learn.yaml").write_text(LEARNING.format(no_answer=str(no_answer).lower(), steps=500, every=50))
    settings = ["--set", "task.question.joint_head=true"] if no_answer else []
    albert("finetune", "--config", tmp_path / "learn.yaml", "--model", tmp_path / "base", "--data", tmp_path, "--run-dir", tmp_path / "run",
           *settings)
    figures = json.loads(albert("evaluate", "--model", tmp_path / "run", "--data", tmp_path / "dev.json", "--json"))
    print(figures)
    assert figures["exact_match"] > 95 and figures["f1"] > 95
    if no_answer:
        # The best threshold came with the model.
        task = json.loads((tmp_path / "run/checkpoints/best/config.json").read_text())["albert_cpp"]["task"]
        assert task["question"]["null_threshold"] == pytest.approx(figures["best_f1_threshold"], rel=1e-3)
        assert figures["f1"] > figures["best_f1"] - 2  # scores that differ in the last bit may move one question across it
