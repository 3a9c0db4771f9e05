"""`albert report` on real tiny runs and corpora: the page needs nothing from elsewhere, its figures are those of `albert evaluate`, what it
explains is what Transformers and autograd compute, and browsers show it in any light and width."""

import html
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy
import pytest
import torch
from PIL import Image
from sklearn.metrics import precision_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer

import tiny_run

ATTACK = "<script>document.title='broken into'</script>"
VOID = {"meta", "path", "rect", "br", "link", "img"}
CHROMIUM = shutil.which("chromium")


class Page(HTMLParser):
    """A page as its elements, each with its tag, its attributes and the text in it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.ids = [], [], []
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "attributes": dict(attributes), "text": ""}
        self.elements.append(element)
        if "id" in element["attributes"]:
            self.ids.append(element["attributes"]["id"])
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1]["tag"] == tag, f"</{tag}> closes {self.open and self.open[-1]['tag']}"
        self.open.pop()

    def handle_data(self, text):
        for element in self.open:
            element["text"] += text

    def all(self, tag, **attributes):
        return [one for one in self.elements if one["tag"] == tag and attributes.items() <= one["attributes"].items()]


def tables(text):
    """The tables of a page by their captions: lists of rows, each a list of cells, in which a number is what its <data> says."""
    found = {}
    for table in re.findall(r"<table>.*?</table>", text, re.S):
        rows = [[cell_value(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
                for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
        found.setdefault(html.unescape(re.search(r"<caption>(.*?)</caption>", table, re.S)[1]), []).append(rows)
    return found


def cell_value(cell):
    exact = re.search(r'<data value="([^"]*)">', cell)
    return float(exact[1]) if exact else html.unescape(re.sub("<[^>]*>", "", cell)).strip()


def check(text):
    """What holds of every page."""
    page = Page(text)
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text), "nothing from elsewhere"
    for element in page.elements:
        assert element["tag"] not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        for name, value in element["attributes"].items():
            assert not name.startswith("on") and name not in {"src", "srcset", "action", "data"}, (name, value)
            assert name != "href" or value[1:] in page.ids and value[0] == "#"
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["attributes"]["content"]
    assert "default-src 'none'" in policy and len(page.all("script")) == 1
    assert page.all("script")[0]["attributes"] == {"nonce": re.search("'nonce-([0-9a-f]+)'", policy)[1]}
    assert len(page.all("h1")) == 1 and page.all("html")[0]["attributes"]["lang"] == "en"
    levels = [int(one["tag"][1]) for one in page.elements if re.fullmatch("h[1-6]", one["tag"])]
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:])), "no level of headings is left out"
    figures = page.all("figure")
    charts = page.all("svg", role="img")
    assert len(figures) == len(charts) == len(page.all("figcaption"))
    assert all(len(chart["attributes"]["aria-label"]) > 20 for chart in charts)
    scrolling = page.all("div", **{"class": "scroll", "role": "region", "tabindex": "0"})
    assert len(scrolling) == len(page.all("table")) and all(one["attributes"]["aria-label"] for one in scrolling)
    return page


def write_rows(path, count, label):
    people, verbs = "Anna Bertram Clara David Emma Frederick".split(), "met saw heard thanked".split()
    rows = [f"{people[n % 6]} {verbs[n % 4]} {people[n // 6 % 6]} in the garden on day {n}.\t{label(n)}" for n in range(count)]
    path.write_text("\n".join(["text\tlabel", *rows]) + "\n")


def finetune(place, run, *settings):
    settings = ["task.max_sequence_length=48", "train.device=cpu", "train.threads=1", "optimizer.learning_rate=3e-3",
                "optimizer.bias_correction=true", "train.batch_size=8", "schedule.warmup_steps=2", "log.every=2", "evaluate.every=8",
                *settings]
    return ["--run-dir", run, *(word for setting in settings for word in ("--set", setting))]


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """corpus/, runs/small and runs/large, classes/ fine-tuned on data/ with a label that is an attack."""
    folder = tmp_path_factory.mktemp("report")
    tiny_run.make_corpus(albert, folder)
    for name, more in (("small", ["--set", "model.num_hidden_layers=1"]), ("large", ["--set", "train.depth_schedule={0: 1, 0.5: 2}"])):
        albert("pretrain", "--config", folder / "run.yaml", "--run-dir", folder / f"runs/{name}", *more)
    (folder / "data").mkdir()
    labels = ["even", ATTACK, "odd"]
    write_rows(folder / "data/train.tsv", 96, lambda n: labels[n % 6 // 2])
    write_rows(folder / "data/dev.tsv", 60, lambda n: labels[n % 6 // 2 if n % 5 else 0])
    albert("finetune", "--config", "classification", "--model", folder / "runs/large", "--data", folder / "data",
           *finetune(folder, folder / "classes", "train.steps=24"))
    return folder


@pytest.fixture(scope="module")
def page(albert, place):
    """The text of a page about everything."""
    albert("report", place / "runs", place / "classes", place / "corpus", "--explain", 4, "--threads", 1, "--output", place / "report.html")
    return (place / "report.html").read_text()


def test_the_page_is_whole_and_alone(page):
    parsed = check(page)
    assert [one["text"] for one in parsed.all("h2")] == ["Pretraining: 2 runs", "Fine-tuning: 1 run", "Predictions of classes", "Corpus corpus"]
    assert len(page) < 600_000


def test_labels_that_are_markup_do_no_harm(page):
    assert ATTACK not in page
    assert any(cell["text"] == ATTACK for cell in Page(page).all("th")), "it is shown as it is"


def test_the_figures_are_those_of_evaluate(albert, place, page):
    evaluated = json.loads(albert("evaluate", "--model", place / "classes", "--data", place / "data", "--json", "--threads", 1))
    figures = {name: value for name, value in tables(page)["Figures"][0][1:]}
    assert figures == {name: value for name, value in evaluated.items() if name not in ("examples", "details")}
    assert {"loss", "accuracy", "macro_f1", "expected_calibration_error"} <= set(figures)
    header, *classes = tables(page)["Figures of the classes"][0]
    for row, expected in zip(classes, evaluated["details"]["classes"], strict=True):
        assert dict(zip(header, row)) == expected | {"support": str(expected["support"])}
    matrix = tables(page)["Confusion matrix"][0]
    assert [[int(cell) for cell in row[1:]] for row in matrix[1:]] == evaluated["details"]["confusion_matrix"]


def test_thresholds_and_calibration_are_those_of_scikit_learn(albert, place, page):
    rows = (place / "data/dev.tsv").read_text().splitlines()[1:]
    gold = [row.split("\t")[1] for row in rows]
    texts = "".join(json.dumps({"text": row.split("\t")[0]}) + "\n" for row in rows)
    answers = [json.loads(line) for line in albert("predict", "--model", place / "classes", "--format", "jsonl", stdin=texts).splitlines()]
    sure = numpy.array([max(answer["probabilities"].values()) for answer in answers])
    right = numpy.array([answer["prediction"] == label for answer, label in zip(answers, gold)])
    curve = tables(page)["Precision and recall of the likeliest class, by threshold"][0][1:]
    for threshold, precision, recall in curve:
        said = sure >= float(threshold)
        if said.any():
            assert precision == pytest.approx(precision_score(right, said)), threshold
        assert recall == pytest.approx((right & said).sum() / len(gold)), threshold
    bins = numpy.minimum(numpy.ceil(sure * 15) - 1, 14)
    expected = sorted((sure[bins == b].mean(), right[bins == b].mean()) for b in set(bins))
    found = [(confidence, accuracy) for confidence, accuracy in calibration_points(page)]
    assert numpy.allclose([accuracy for _, accuracy in found], [accuracy for _, accuracy in expected], atol=2e-3)
    error = sum((bins == b).sum() * abs(sure[bins == b].mean() - right[bins == b].mean()) for b in set(bins)) / len(gold)
    assert dict(tables(page)["Figures"][0][1:])["expected_calibration_error"] == pytest.approx(error, abs=1e-6)


def calibration_points(page):
    return [(float(x), y) for x, y in tables(page)["Calibration: how often answers are right, by how sure the model is"][0][1:]]


def test_charts_hold_what_the_runs_recorded(place, page):
    for figure, title in (("mlm_loss", "Loss of masked words (mlm_loss)"), ("learning_rate", "Learning rate"),
                          ("gradient_norm", "Norm of the gradient before clipping (gradient_norm)"),
                          ("layers", "Depth in layers (layers)"),
                          ("data_wait_fraction", "Share of the time spent waiting for data (data_wait_fraction)")):
        header, *rows = tables(page)[title][0]
        for name in ("small", "large"):
            column = header.index(name if name in header else f"{name}, training")
            recorded = {record["step"]: record[figure] for record in tiny_run.records(place / "runs" / name)}
            assert len(rows) >= 12 and all(recorded[int(row[0])] == row[column] for row in rows if row[column] != ""), (figure, name)
    header, *rows = tables(page)["Settings that differ"][0]
    settings = {row[0]: dict(zip(header[1:], row[1:])) for row in rows}
    assert settings["model.num_hidden_layers"] == {"small": "1", "large": "2"}
    assert settings["train.depth_schedule"] == {"small": "null", "large": "0: 1, 0.5: 2"} and "train.device" not in settings
    assert ["task.kind", "text"] in tables(page)["Every setting of classes"][0]
    states = {row[0]: row[2] for table in tables(page)["The runs"] for row in table[1:]}
    assert states == {"small": "complete", "large": "complete", "classes": "complete"}


def test_the_corpus_is_counted(albert, place, page):
    info = json.loads(albert("corpus", "info", place / "corpus", "--json"))
    counts = {row[0]: row[1:4] for row in tables(page)["What the corpus holds"][0][1:]}
    assert [int(n.replace(",", "")) for n in counts["train"]] == list(info["train"].values())
    assert [int(n.replace(",", "")) for n in counts["held out"]] == list(info["held_out"].values())
    for what in ("documents", "sentences"):
        total = sum(row[1] for row in tables(page)[f"Lengths of {what} in tokens"][0][1:])
        assert total == info["train"][what] + info["held_out"][what]
    pieces = tables(page)["Most frequent pieces"][0][1:]
    assert sum(int(row[2].replace(",", "")) for row in pieces) <= info["train"]["tokens"] + info["held_out"]["tokens"]
    assert [int(row[2].replace(",", "")) for row in pieces] == sorted((int(row[2].replace(",", "")) for row in pieces), reverse=True)


# What can be read.


def variables(style):
    return dict(re.findall(r"--([a-z0-9]+): ([^;]+);", style))


def colour(value):
    """Of "#0b62c4" or "11 98 196": its parts from 0 to 1."""
    parts = [int(value[i : i + 2], 16) for i in (1, 3, 5)] if value.startswith("#") else map(int, value.split())
    return numpy.array([part / 255 for part in parts])


def contrast(first, second):
    """By WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    light = [((numpy.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)) @ [0.2126, 0.7152, 0.0722]) for c in (first, second)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_texts_stand_out_in_any_light(page):
    style = page[page.index("<style>"):page.index("</style>")]
    light, dark, printed = (variables(block) for block in re.findall(r":root \{(.*?)\}", style, re.S))
    for theme in (light, dark, printed):
        for ground in (theme["page"], theme["panel"]):
            for text in ("text", "soft", "link", "good", "bad"):
                assert contrast(colour(theme[text]), colour(ground)) >= 4.5, (text, theme)
            for line in range(8):
                assert contrast(colour(theme[f"c{line}"]), colour(ground)) >= 3, (line, theme)
        for shade in ("for", "against"):  # behind words and in the cells of matrices: a half at most
            ground = (colour(theme[shade]) + colour(theme["page"])) / 2
            assert contrast(colour(theme["text"]), ground) >= 4.5, (shade, theme)


# What explains predictions.


def embeddings_of(model, ids):
    """[L, E] each: those of the text, and those of [PAD] with the text's [CLS] and [SEP]."""
    padded = torch.where((ids == 2) | (ids == 3), ids, torch.zeros_like(ids))
    with torch.no_grad():
        return [model.albert.embeddings(input_ids=one[None])[0] for one in (ids, padded)]


def gradients_at(model, ids, score, places):
    """Of a score by the embeddings that the encoder begins with, at each of some places: [P, L, E]."""
    forward, places = model.albert.embeddings.forward, places.clone().requires_grad_(True)
    try:
        model.albert.embeddings.forward = lambda *_, **__: places
        return torch.autograd.grad(model(input_ids=ids.expand(len(places), -1)).logits[:, score].sum(), places)[0]
    finally:
        model.albert.embeddings.forward = forward


def integrated_gradients(model, ids, score, points=64):
    """With PyTorch's autograd and NumPy's points."""
    end, begin = embeddings_of(model, ids)
    ats, weights = (torch.from_numpy(array)[:, None, None] for array in numpy.polynomial.legendre.leggauss(points))
    gradients = gradients_at(model, ids, score, begin + (ats + 1) / 2 * (end - begin))
    return ((end - begin) * (weights / 2 * gradients).sum(0)).sum(-1)


def test_explanations_are_those_of_transformers_and_autograd(place, page):
    folder = place / "classes/checkpoints/best"
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").double().eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = {row.split("\t")[0] for row in (place / "data/dev.tsv").read_text().splitlines()[1:]}
    ids_of = {ids_key(tokenizer.decode(tokenizer(text)["input_ids"])): torch.tensor(tokenizer(text)["input_ids"]) for text in texts}
    explained = page[page.index("Which words mattered"):].split('<li class="case')[1:5]
    compared = 0
    for one in explained:
        label = html.unescape(re.search(r"predicted: <b>(.*?)</b>", one)[1])
        words = tables(one)["What each word adds to the score"][0][1:]
        ids = ids_of[ids_key(" ".join(word for word, _ in words))]
        expected = integrated_gradients(model, ids, model.config.label2id[label])
        score, baseline, total = (float(value) for value in re.findall(r'<data value="([^"]*)">', one.split('class="note"')[1])[:3])
        assert score == pytest.approx(model(input_ids=ids[None]).logits[0, model.config.label2id[label]].item(), abs=1e-4)
        assert total == pytest.approx(score - baseline, rel=5e-3, abs=1e-4), "complete"
        size = expected.abs().max().item()
        groups = group_by_word(tokenizer, ids)
        assert len(groups) == len(words)
        for group, (word, value) in zip(groups, words):
            assert value == pytest.approx(expected[group].sum().item(), abs=0.01 * size), word
        # The plain gradient at the text, times the way to it, is another thing.
        end, begin = embeddings_of(model, ids)
        plain = ((end - begin) * gradients_at(model, ids, model.config.label2id[label], end[None])[0]).sum(-1)
        assert (plain - expected).abs().max() > 0.05 * size
        compared += 1
    assert compared == 4


def ids_key(text):
    return re.sub(r"[\s▁]", "", text.lower())


def group_by_word(tokenizer, ids):
    groups = []
    for place, token in enumerate(tokenizer.convert_ids_to_tokens(ids.tolist())):
        begins = place == 0 or token.startswith("▁") or not token.isalpha() or ids[place] in (2, 3) or ids[place - 1] in (2, 3)
        groups.append([place]) if begins else groups[-1].append(place)
    return groups


# Every kind of task.

KINDS = {  # the recipe, and two records of its data
    "labels": ("multilabel", {"text": "Anna met Clara in the garden.", "label": "a,b"}, {"text": "Emma saw David.", "label": "b"}),
    "numbers": ("regression", {"text": "Anna met Clara in the garden.", "label": "1.5"}, {"text": "Emma saw David.", "label": "0.25"}),
    "tags": ("conll", {"words": ["Anna", "met", "Clara"], "tags": ["B-person", "O", "B-person"]},
             {"words": ["the", "garden"], "tags": ["O", "B-place"]}),
    "questions": ("squad1", {"question": "Who met Clara?", "context": "Anna met Clara.", "answers": [{"text": "Anna", "answer_start": 0}]},
                  {"question": "Where?", "context": "Emma saw David here.", "answers": [{"text": "here", "answer_start": 15}]}),
    "choices": ("arc", {"question": "Who met Clara?", "choices": ["Anna", "Emma", "David"], "label": 0},
                {"question": "Where?", "choices": ["garden", "library"], "label": 1}),
    "relations": ("semeval2010", {"text": "Anna met Clara.", "first": [0, 4], "second": [9, 14], "label": "R(e1,e2)"},
                  {"text": "Emma saw David.", "first": [9, 14], "second": [0, 4], "label": "Other"}),
    "pairs": ("embedding", {"sentence1": "Anna met Clara.", "sentence2": "Anna saw Clara.", "score": "4.5"},
              {"sentence1": "Emma saw David.", "sentence2": "A garden.", "score": "0.5"}),
}
TITLES = {"labels": "The worst mistakes", "numbers": "Predicted numbers against the right ones", "tags": "The worst mistakes",
          "questions": "predicted:", "choices": "predicted", "relations": "<sub>e1</sub>", "pairs": "Nearest neighbours"}
MORE = {"labels": ["task.text.label_separator=','"],
        "relations": ["task.relation.head=cls", "task.relation.first_marker=a", "task.relation.second_marker=b"],
        "questions": ["task.max_sequence_length=48", "task.question.max_question_length=12", "task.question.stride=8"]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_task_has_its_section(albert, place, tmp_path, kind):
    recipe, *records = KINDS[kind]
    for name, count in (("train", 16), ("dev", 6)):
        lines = [records[n % 2] for n in range(count)]
        if kind in ("labels", "numbers", "pairs"):
            (tmp_path / f"{name}.tsv").write_text("\n".join(["\t".join(lines[0]), *("\t".join(line.values()) for line in lines)]) + "\n")
        else:
            (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    suffix = "tsv" if kind in ("labels", "numbers", "pairs") else "jsonl"
    data = [word for name in ("train", "dev") for word in ("--data", tmp_path / f"{name}.{suffix}")]
    albert("finetune", "--config", recipe, "--model", place / "runs/small", *data,
           *finetune(place, tmp_path / "run", "train.steps=4", "evaluate.every=4", *MORE.get(kind, [])))
    albert("report", tmp_path / "run", "--explain", 2, "--output", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    check(text)
    section = text[text.index('<h2 id="evaluation-1">'):]
    assert "was not evaluated" not in section and TITLES[kind] in section
    evaluated = json.loads(albert("evaluate", "--model", tmp_path / "run", "--data", tmp_path / f"dev.{suffix}", "--json"))
    shown = {name: value for name, value in tables(section)["Figures"][0][1:]}
    assert shown == {name: value for name, value in evaluated.items() if name not in ("examples", "details", "undefined")}
    assert ("Which words mattered" in section) == (kind == "relations")


# What a page is told.


def test_what_is_no_run_is_refused(albert, place, tmp_path):
    assert "expected the folder of a run" in albert("report", place / "data", "--output", tmp_path / "a.html", code=2)
    (tmp_path / "there.html").write_text("mine")
    assert "--overwrite" in albert("report", place / "runs", "--output", tmp_path / "there.html", code=2)
    assert (tmp_path / "there.html").read_text() == "mine"
    page = place / "classes/run.yaml"
    before = page.read_bytes()
    assert "itself, which is read" in albert("report", place / "classes", "--no-evaluation", "--output", page, "--overwrite", code=2)
    assert page.read_bytes() == before
    contradiction = albert("report", place / "classes", "--no-evaluation", "--explain", 3, "--output", tmp_path / "a.html", code=2)
    assert "leave one of them out" in contradiction
    assert not (tmp_path / "a.html").exists()


def test_a_page_does_not_replace_what_it_is_made_from(albert, place, tmp_path):
    data = place / "data/dev.tsv"
    before = data.read_bytes()
    (tmp_path / "link").symlink_to(data)
    os.link(data, tmp_path / "twin")
    for output in (data, tmp_path / "link", tmp_path / "twin"):
        for more in (), ("--no-evaluation",), ("--data", place / "data"), ("--data", place / "data/d*.tsv"):
            message = albert("report", place / "classes", *more, "--output", output, "--overwrite", code=2)
            assert f"--output {output}: is " in message and "itself, which is read" in message
    assert data.read_bytes() == before
    for page in (place / "classes/page.html", place / "data/page.html"):
        for more in (), ("--overwrite",):
            albert("report", place / "classes", "--no-evaluation", "--output", page, *more)
        page.unlink()


def test_a_run_whose_data_are_gone_has_the_rest_of_its_page(albert, place, tmp_path):
    moved = shutil.copytree(place / "classes", tmp_path / "moved", symlinks=True)
    (moved / "run.yaml").write_text((moved / "run.yaml").read_text().replace(str(place / "data"), str(tmp_path / "gone")))
    albert("report", moved, "--output", tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text()
    check(text)
    assert "It was not evaluated again" in text and str(tmp_path / "gone") in text
    assert "<figcaption>Loss</figcaption>" in text
    albert("report", moved, "--data", place / "data", "--output", tmp_path / "a.html", "--overwrite")
    assert "It was not evaluated again" not in (tmp_path / "a.html").read_text()
    albert("report", moved, "--no-evaluation", "--output", tmp_path / "a.html", "--overwrite")
    assert "Predictions of" not in (tmp_path / "a.html").read_text()


# In a browser.


def browse(tmp_path, page, *more):
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}",
               "--virtual-time-budget=3000", *more, f"file://{page}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_browsers_show_it_in_any_light_and_width(place, page, tmp_path):
    shots = {"light": [], "dark": ["--blink-settings=preferredColorScheme=0"], "narrow": []}
    brightness = {}
    for name, more in shots.items():
        picture = tmp_path / f"{name}.png"
        width = 500 if name == "narrow" else 1200
        browse(tmp_path, place / "report.html", f"--window-size={width},2400", f"--screenshot={picture}", *more)
        brightness[name] = numpy.asarray(Image.open(picture).convert("L")).mean()
    assert brightness["light"] > 200 and brightness["dark"] < 80 and brightness["narrow"] > 200, brightness


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_nothing_is_wider_than_a_phone_and_no_foreign_script_runs(place, page, tmp_path):
    """In a frame of 360 pixels, measured by a script of the frame's owner."""
    measure = """<body><iframe id="f" width="360" height="2000" srcdoc="%s"></iframe><script>onload = () => setTimeout(() => {
      const inner = f.contentDocument, isWide = e => !e.closest(".scroll, .skip, .tip") && e.getBoundingClientRect().right > 361;
      const found = {scroll: inner.documentElement.scrollWidth, title: inner.title, tips: inner.querySelectorAll(".tip").length,
                     wide: [...inner.querySelectorAll("body *")].filter(isWide).map(e => e.outerHTML.slice(0, 90))};
      document.body.innerHTML = "<pre>" + JSON.stringify(found) + "</pre>";
    }, 800);</script></body>"""
    (tmp_path / "frame.html").write_text(measure % html.escape(page))
    shown = browse(tmp_path, tmp_path / "frame.html", "--dump-dom")
    found = json.loads(html.unescape(re.search("<pre>(.*)</pre>", shown, re.S)[1]))
    assert found["scroll"] <= 360 and found["wide"] == [], found
    assert found["title"].startswith("Report: ") and found["tips"] == 1, "its own script runs, and no other"
