"""`albert serve`: its answers beside those of the other commands, the clients of others, what is refused, and what the server says of itself."""

import base64
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch

import serving
from serving import MODELS, Server, choice, model_options, question, relation, text


@pytest.fixture(scope="module")
def models(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    serving.make_models(albert, folder)
    return folder


@pytest.fixture(scope="module")
def server(albert_binary, models):
    with Server(albert_binary, *model_options(models), "--index", f"invented={models / 'texts.npy'}") as started:
        yield started
    assert started.process.returncode == 0


def predict(albert, model, records, *more):
    lines = albert("predict", "--model", model, "--format", "jsonl", *more, stdin="".join(json.dumps(r) + "\n" for r in records))
    return [json.loads(line) for line in lines.splitlines()]


def without(record, answer):
    return {key: value for key, value in answer.items() if key not in record}


def records_of(make, count=8, seed=5):
    draw = random.Random(seed)
    return [make(draw) for _ in range(count)]


TEXTS = records_of(text)


# What is answered.


@pytest.mark.parametrize("model, path, make", [
    ("classes", "predict", lambda draw: {"text": text(draw)}),
    ("number", "predict", lambda draw: {"text": text(draw)}),
    ("labels", "predict", lambda draw: {"text": text(draw)}),
    ("pairs", "predict", lambda draw: {"text": text(draw), "second_text": text(draw)}),
    ("tags", "tags", lambda draw: {"text": text(draw)}),
    ("tags", "tags", lambda draw: {"words": text(draw).split()}),
    ("question", "answer", question),
    ("nullable", "answer", question),
    ("choice", "choose", choice),
    ("relation", "relation", relation),
])
def test_answers_are_those_of_predict(albert, server, models, model, path, make):
    records = records_of(make)
    expected = [without(record, line) for record, line in zip(records, predict(albert, models / model, records))]
    found = server.answer(f"/models/{model}/{path}", {"inputs": records})
    assert [without(record, answer) for record, answer in zip(records, found)] == expected
    assert server.answer(f"/{path}", {"inputs": records[0], "model": model}) == found[0]
    assert server.answer(f"/models/{model}", {"inputs": records[0]}) == found[0]


def test_answers_to_questions_have_their_likeliest(albert, server, models):
    records = records_of(question)
    expected = [line["n_best"] for line in predict(albert, models / "question", records, "--n-best")]
    found = server.answer("/models/question/answer", {"inputs": records, "n_best": 3})
    assert [answer["n_best"] for answer in found] == [n_best[:3] for n_best in expected]


def test_entities_of_a_text_have_their_characters(server):
    texts = ["Anna\u00a0 sold  bread to guests", *[" \u00e4" + given.replace(" ", "\u3000 ") for given in TEXTS]]
    answers = server.answer("/tags", {"inputs": texts})
    assert any(answer["entities"] for answer in answers)
    for given, answer in zip(texts, answers):
        assert answer["words"] == given.split()
        for entity in answer["entities"]:
            begin, end = entity["characters"]
            assert given[begin:end].split() == entity["words"]


def test_classes_have_the_form_of_text_embeddings_inference(albert, server, models):
    expected = predict(albert, models / "classes", [{"text": t} for t in TEXTS])
    found = server.answer("/predict", {"inputs": [[t] for t in TEXTS]})
    for answer, line in zip(found, expected):
        assert {one["label"]: one["score"] for one in answer} == line["probabilities"]
        assert [one["score"] for one in answer] == sorted(line["probabilities"].values(), reverse=True)
    assert server.answer("/predict", {"inputs": TEXTS[0]}) == found[0]
    raw = {one["label"]: one["score"] for one in server.answer("/predict", {"inputs": TEXTS[0], "raw_scores": True})}
    powers = {label: np.exp(score) for label, score in raw.items()}
    assert {label: power / sum(powers.values()) for label, power in powers.items()} == pytest.approx(expected[0]["probabilities"], rel=1e-5)
    pair = server.answer("/models/pairs/predict", {"inputs": [TEXTS[0], TEXTS[1]]})
    assert {one["label"] for one in pair} == {"no", "yes"}
    assert server.answer("/models/number/predict", {"inputs": TEXTS[0]})[0]["label"] == "LABEL_0"


def vectors_of(albert, models, texts, folder):
    albert("embed", "--model", models / "base", "--output", folder / "vectors.npy", stdin="".join(t + "\n" for t in texts))
    return np.load(folder / "vectors.npy")


def test_vectors_are_those_of_embed(albert, server, models, tmp_path):
    expected = vectors_of(albert, models, TEXTS, tmp_path)
    found = np.array(server.answer("/embed", {"inputs": TEXTS}), dtype=np.float32)
    assert np.array_equal(found, expected)
    assert np.array_equal(np.array(server.answer("/embed", {"inputs": TEXTS[0]}), dtype=np.float32), expected[:1])
    answer = server.answer("/v1/embeddings", {"input": TEXTS, "model": "base", "encoding_format": "base64"})
    decoded = [np.frombuffer(base64.b64decode(one["embedding"]), dtype="<f4") for one in answer["data"]]
    assert np.array_equal(np.array(decoded), expected)
    cosines = server.answer("/similarity", {"inputs": {"source_sentence": TEXTS[0], "sentences": TEXTS[1:]}})
    assert cosines == pytest.approx(list(expected[1:] @ expected[0]), abs=1e-6)
    ranks = server.answer("/models/base/rerank", {"query": TEXTS[0], "texts": TEXTS[1:], "return_text": True})
    assert [rank["index"] for rank in ranks] == sorted(range(len(cosines)), key=lambda i: -cosines[i])
    assert all(rank["text"] == TEXTS[1 + rank["index"]] for rank in ranks)


ROUNDING = 2e-4  # the weights of these models are large: in float32 Transformers is up to 7e-5 off what float64 gives, and so are we


@pytest.fixture(scope="module")
def reference(models):
    """What Transformers says of a text of model `base`: its ids, hidden states and logits."""
    from transformers import AlbertForMaskedLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(models / "base")
    model = AlbertForMaskedLM.from_pretrained(models / "base").eval()

    def of(given, **more):
        encoded = tokenizer(given, return_tensors="pt", **more)
        with torch.no_grad():
            output = model(**encoded, output_hidden_states=True)
        return encoded["input_ids"][0].tolist(), output.hidden_states[-1][0], output.logits[0]

    return of


def test_tokens_have_their_hidden_states(server, reference):
    found = server.answer("/embed_all", {"inputs": TEXTS})
    for given, states in zip(TEXTS, found):
        ids, expected, _ = reference(given)
        assert np.allclose(states, expected, atol=ROUNDING) and len(states) == len(ids)
    assert server.answer("/embed_all", {"inputs": TEXTS[0]}) == found[:1]


def test_words_have_their_weights(server, reference):
    found = server.answer("/embed_sparse", {"inputs": TEXTS})
    for given, weights in zip(TEXTS, found):
        expected = torch.log1p(torch.relu(reference(given)[2])).amax(0)
        dense = np.zeros(len(expected))
        dense[[weight["index"] for weight in weights]] = [weight["value"] for weight in weights]
        assert np.allclose(dense, expected, atol=ROUNDING) and np.count_nonzero(dense) == len(weights)
        assert [weight["index"] for weight in weights] == sorted(weight["index"] for weight in weights)


def test_vectors_are_shaped_as_it_is_asked(server, reference):
    means = np.array([reference(given)[1].mean(0).numpy() for given in TEXTS])
    assert np.allclose(server.answer("/embed", {"inputs": TEXTS, "normalize": False}), means, atol=ROUNDING)
    parts = means[:, :8] / np.linalg.norm(means[:, :8], axis=1, keepdims=True)
    assert np.allclose(server.answer("/embed", {"inputs": TEXTS, "dimensions": 8}), parts, atol=ROUNDING)
    answer = server.answer("/v1/embeddings", {"input": TEXTS, "dimensions": 8, "encoding_format": "base64"})
    decoded = [np.frombuffer(base64.b64decode(one["embedding"]), dtype="<f4") for one in answer["data"]]
    assert np.allclose(decoded, parts, atol=ROUNDING)


def test_ids_of_pieces_are_taken_as_they_are(server):
    ids = [[token["id"] for token in tokens] for tokens in server.answer("/tokenize", {"inputs": TEXTS})]
    for path in ("/embed", "/embed_all", "/embed_sparse"):
        expected = server.answer(path, {"inputs": TEXTS})
        assert server.answer(path, {"inputs": ids}) == expected
        assert server.answer(path, {"inputs": [ids[0], TEXTS[1]]}) == expected[:2]
        assert server.answer(path, {"inputs": ids[0]}) == expected[:1]


@pytest.mark.parametrize("direction", ["Right", "left"])
def test_either_side_of_a_text_is_cut(server, models, direction):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(models / "base", truncation_side=direction.lower())
    longer = "the old river " + "bridges " * 150 + "near town"  # bridges is one piece, so that no word is cut
    ids = tokenizer(longer, truncation=True, max_length=serving.MAX_LENGTH)["input_ids"]
    assert server.answer("/embed", {"inputs": longer, "truncation_direction": direction}) == server.answer("/embed", {"inputs": ids})
    pair = tokenizer(TEXTS[0], longer, truncation=True, max_length=serving.MAX_LENGTH)["input_ids"]
    cut = tokenizer.decode(pair[pair.index(tokenizer.sep_token_id) + 1 : -1])
    asked = {"inputs": [TEXTS[0], longer], "truncation_direction": direction}
    assert server.answer("/models/pairs/predict", asked) == server.answer("/models/pairs/predict", {"inputs": [TEXTS[0], cut]})


def test_pairs_are_ranked_by_their_model(server):
    scores = []
    for second in TEXTS[1:]:
        scores += [one["score"] for one in server.answer("/models/pairs/predict", {"inputs": [TEXTS[0], second]}) if one["label"] == "yes"]
    ranks = server.answer("/rerank", {"query": TEXTS[0], "texts": TEXTS[1:]})
    assert [(rank["index"], rank["score"]) for rank in ranks] == sorted(enumerate(scores), key=lambda pair: -pair[1])


def test_masks_are_filled_as_by_fill_mask(albert, server, models):
    masked = ["the [MASK] river", "Anna [MASK] bread to [MASK]"]
    expected = [json.loads(albert("fill-mask", "--model", models / "base", "--json", "--top-k", 3, t)) for t in masked]
    assert server.answer("/fill-mask", {"inputs": masked, "top_k": 3}) == expected
    assert server.answer("/fill-mask", {"inputs": masked, "parameters": {"top_k": 3}}) == expected  # where Hugging Face's client puts it
    status, answer = server.ask("/fill-mask", {"inputs": ["a [MASK]", "no mask " * 100]})
    assert (status, answer["error_type"]) == (422, "Validation")
    assert answer["error"].startswith("inputs[1]: there is nothing to fill in") and len(answer["error"]) < 200
    status, answer = server.ask("/fill-mask", {"inputs": "a [MASK] " * 100})
    assert (status, answer["error_type"]) == (413, "Validation") and answer["error"].startswith("inputs: ")


def test_an_index_is_searched_as_by_search(albert, server, models):
    lines = albert("search", "--model", models / "base", "--index", models / "texts.npy", "--top-k", 4, "--json", stdin="\n".join(TEXTS) + "\n")
    expected = [json.loads(line) for line in lines.splitlines()]
    assert server.answer("/search", {"inputs": TEXTS, "top_k": 4, "index": "invented"}) == expected
    assert server.ask("/search", {"inputs": TEXTS, "index": "other"})[0] == 404


def test_an_index_that_is_cut_short_in_place_is_refused(albert_binary, models, tmp_path):
    for path in models.glob("texts.npy*"):
        shutil.copy(path, tmp_path)
    with Server(albert_binary, "--model", models / "base", "--index", f"cut={tmp_path / 'texts.npy'}") as server:
        found = server.answer("/search", {"inputs": "the river"})
        os.truncate(tmp_path / "texts.npy", 200)
        status, answer = server.ask("/search", {"inputs": "the river"})
        assert (status, answer["error_type"]) == (424, "Backend") and "texts.npy: the file was cut short while it was read" in answer["error"]
        assert server.answer("/embed", {"inputs": "the river"})
        shutil.copy(models / "texts.npy", tmp_path / "new.npy")
        os.replace(tmp_path / "new.npy", tmp_path / "texts.npy")
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while server.ask("/search", {"inputs": "the river"})[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.answer("/search", {"inputs": "the river"}) == found


def test_pieces_are_those_of_transformers(server, models):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(models / "base")
    for given, tokens in zip(TEXTS, server.answer("/tokenize", {"inputs": TEXTS})):
        assert [token["id"] for token in tokens] == tokenizer(given)["input_ids"]
        assert "".join(token["text"] for token in tokens if not token["special"]) == given.replace(" ", "")
        assert all(given[token["start"]:token["stop"]] == token["text"] for token in tokens if not token["special"])
        assert server.answer("/decode", {"ids": [token["id"] for token in tokens]}) == [given.lower()]


# Clients of others.


def test_the_client_of_hugging_face(server, monkeypatch):
    from huggingface_hub import InferenceClient

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)  # which the tests set, so that nothing is fetched
    vectors = InferenceClient(model=f"{server.url}/models/base/embed").feature_extraction(TEXTS[0])
    assert np.array_equal(np.array(vectors, dtype=np.float32), np.array(server.answer("/embed", {"inputs": TEXTS[0]}), dtype=np.float32))
    cosines = InferenceClient(model=f"{server.url}/similarity").sentence_similarity(TEXTS[0], TEXTS[1:])
    assert cosines == server.answer("/similarity", {"inputs": {"source_sentence": TEXTS[0], "sentences": TEXTS[1:]}})
    best = InferenceClient(model=server.url).text_classification(TEXTS[0])  # which takes the first of the list
    assert {"label": best.label, "score": best.score} == server.answer("/predict", {"inputs": TEXTS[0]})[0]


def test_the_client_of_openai(server):
    import openai

    client = openai.OpenAI(base_url=server.url + "/v1", api_key="none")
    assert [model.id for model in client.models.list()] == ["base"]
    answer = client.embeddings.create(model="base", input=TEXTS)
    assert np.allclose([one.embedding for one in answer.data], server.answer("/embed", {"inputs": TEXTS}))
    assert answer.usage.total_tokens > 0
    with pytest.raises(openai.NotFoundError, match="there is no model 'other'"):
        client.embeddings.create(model="other", input="a")


def test_the_client_of_langchain(server):
    from langchain_openai import OpenAIEmbeddings

    # Else it sends numbers of another vocabulary's pieces.
    embeddings = OpenAIEmbeddings(base_url=server.url + "/v1", api_key="none", model="base", check_embedding_ctx_length=False)
    assert np.allclose(embeddings.embed_documents(TEXTS), server.answer("/embed", {"inputs": TEXTS}))
    assert np.allclose(embeddings.embed_query(TEXTS[0]), server.answer("/embed", {"inputs": TEXTS[0]})[0])


# What is refused.


@pytest.mark.parametrize("path, body, status, error_type", [
    ("/predict", {"inputs": ""}, 400, "Empty"),
    ("/embed", {"inputs": []}, 400, "Empty"),
    ("/embed", {"inputs": ["a"] * 33}, 413, "Validation"),
    ("/embed", {"inputs": " ".join(["river"] * 200), "truncate": False}, 413, "Validation"),
    ("/embed", {}, 422, "Validation"),
    ("/embed", {"inputs": 7}, 422, "Validation"),
    ("/embed", {"inputs": "a", "dimensions": 33}, 422, "Validation"),
    ("/embed", {"inputs": "a", "truncation_direction": "Up"}, 422, "Validation"),
    ("/answer", {"inputs": {"question": "a", "context": "b"}, "truncation_direction": "Left"}, 422, "Validation"),
    ("/embed", {"inputs": "a", "prompt_name": "query"}, 422, "Validation"),
    ("/embed_all", {"inputs": [7, 56]}, 422, "Validation"),
    ("/embed", {"inputs": [[]]}, 400, "Empty"),
    ("/models/tags/embed_sparse", {"inputs": "a"}, 424, "Backend"),
    ("/embed", [], 422, "Validation"),
    ("/predict", {"inputs": ["a", "b"]}, 422, "Validation"),
    ("/models/pairs/predict", {"inputs": "a"}, 422, "Validation"),
    ("/models/pairs/predict", {"inputs": {"text": "a"}}, 422, "Validation"),
    ("/models/classes/predict", {"inputs": {"text": "a", "second_text": "b"}}, 422, "Validation"),
    ("/models/classes/predict", {"inputs": [{"text": "a"}, {"text": "a", "second_text": "b"}]}, 422, "Validation"),
    ("/models/classes/predict", {"inputs": {"text": "a"}, "raw_scores": True}, 422, "Validation"),
    ("/predict", {"inputs": "a", "raw_score": True}, 422, "Validation"),
    ("/predict", {"inputs": "a", "parameters": {"top_k": 1}}, 422, "Validation"),
    ("/answer", {"inputs": {"question": "a"}}, 422, "Validation"),
    ("/models/base/predict", {"inputs": "a"}, 424, "Backend"),
    ("/models/other/predict", {"inputs": "a"}, 404, "NotFound"),
    ("/other", {}, 404, "NotFound"),
])
def test_what_is_wrong_is_said(server, path, body, status, error_type):
    found, answer = server.ask(path, body)
    assert (found, answer["error_type"]) == (status, error_type) and answer["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"inputs": "\xc3"}', b"[" * 100000, b'{"a":' * 5000, b"\0" * 100])
def test_what_is_no_json_is_refused(server, body):
    status, answer = server.ask("/predict", raw=body)
    assert status == 400 and answer["error_type"] == "Validation"


def test_a_large_body_is_refused_and_its_sender_hears_of_it(server):
    assert server.ask("/predict", raw=b"x" * 5_000_000)[0] == 413
    assert server.ask("/predict", {"inputs": "a"})[0] == 200


def test_a_model_without_a_head_cannot_be_asked_for_it(albert_binary, models):
    with Server(albert_binary, *model_options(models, "base")) as server:
        assert server.ask("/predict", {"inputs": "a"})[0] == 424
        status, headers, _ = server.fetch("/predict")
        assert status == 405 and headers["Allow"] == "POST"


def test_a_key_is_asked_for(albert_binary, models, tmp_path):
    (tmp_path / "keys").write_text("first\n\nsecond-key\n")
    with Server(albert_binary, *model_options(models, "classes"), "--api-key-file", tmp_path / "keys", "--cors-origin", "https://a.org") as server:
        ask = lambda key, path="/predict": server.ask(path, {"inputs": "a"} if path == "/predict" else None, {"Authorization": key})[0]
        assert [ask(f"Bearer {key}") for key in ("first", "second-key", "firs", "firstfirst", "other", "")] == [200, 200, 401, 401, 401, 401]
        assert ask("bearer first") == 200 and ask("Basic first") == 401
        assert server.ask("/info")[0] == 401 and server.ask("/health")[0] == 200 and server.fetch("/")[0] == 200
        for origin, allowed in [("https://a.org", "https://a.org"), ("https://b.org", None)]:
            assert server.fetch("/health", headers={"Origin": origin})[1]["Access-Control-Allow-Origin"] == allowed


@pytest.mark.parametrize("more, message", [
    (["--model", "{}/classes", "--model", "{}/classes"], "there is another one of the name 'classes'"),
    (["--model", "{}/classes", "--index", "{}/texts.npy"], "the model 'classes' makes no vectors"),
    (["--model", "{}/nothing"], "there is no"),
    (["--model", "{}/classes", "--host", "256.0.0.1"], "--host 256.0.0.1"),
])
def test_a_server_that_cannot_serve_says_why(albert, models, more, message):
    result = albert("serve", "--port", 0, *[word.format(models) for word in more], code=4 if "nothing" in more[1] else 2)
    assert message in result


# What the server says of itself.


def test_what_is_served_is_told(server):
    info = server.answer("/info", None)
    assert [model["name"] for model in info["models"]] == MODELS and info["models"][MODELS.index("base")]["indexes"] == ["invented"]
    assert info["max_batch_tokens"] == 16384 and info["max_client_batch_size"] == 32
    metrics = server.fetch("/metrics")[2].decode()
    for name in ("te_request_count", "te_request_success", "te_request_failure", "te_request_duration_count", "te_queue_size",
                 "te_request_tokenization_duration_sum", "te_request_queue_duration_sum", "te_request_inference_duration_sum",
                 "te_batch_next_size_bucket", "te_batch_next_tokens_sum"):
        assert f"\n{name}" in metrics
    assert server.fetch("/ping")[0] == 200
    status, headers, page = server.fetch("/")
    assert status == 200 and headers["Content-Type"].startswith("text/html") and b"</html>" in page


def test_the_log_may_be_json(albert_binary, models):
    with Server(albert_binary, *model_options(models, "classes"), "--log-format", "json") as server:
        server.answer("/predict", {"inputs": "a"})
        assert server.ask("/embed", {"inputs": "a"})[0] == 424
    lines = [json.loads(line) for line in server.log]
    assert all(list(line)[:3] == ["time", "level", "message"] and line["time"].endswith("Z") for line in lines)
    good, bad = (line for line in lines if "path" in line)
    assert good["level"] == "debug" and good["message"].startswith("POST /predict: 200, ")
    assert (good["method"], good["path"], good["status"], good["model"]) == ("POST", "/predict", 200, "classes")
    assert good["tokens"] > 2 and good["total_ms"] >= good["inference_ms"] > 0
    assert (bad["path"], bad["status"], bad["model"], bad["tokens"]) == ("/embed", 424, "", 0)


def test_the_description_holds(server, tmp_path):
    """What schemathesis makes of it is answered as it says."""
    command = [os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", server.url + "/openapi.json", "--max-examples", "8",
               "--seed", "1", "--phases", "examples,coverage,fuzzing", "--exclude-checks", "positive_data_acceptance", "--no-color"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=80, check=False, cwd=tmp_path)  # where it keeps what it found
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]


CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_the_page_asks_every_head(albert_binary, models, tmp_path):
    """A copy of the page that asks everything by itself, opened in a browser."""
    ask_all = """<script>addEventListener("load", () => setTimeout(async () => {
      for (let i = 0; i < choices.length; ++i) {
        $("choice").value = i; showForm(); await ask(new Event("submit"));
        make("section", null, document.body).append(choices[i].route, $("form").cloneNode(true), ...$("answer").cloneNode(true).childNodes);
      }
    }, 500));</script>"""
    with Server(albert_binary, *model_options(models), "--index", f"invented={models / 'texts.npy'}", "--cors-origin", "*") as server:
        page = server.fetch("/")[2].decode().replace("<head>", f'<head><base href="{server.url}">').replace("</body>", ask_all + "</body>")
        (tmp_path / "page.html").write_text(page)
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000",
                   "--dump-dom", f"file://{tmp_path / 'page.html'}"]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    sections = shown.split("<section>")[1:]
    routes = ["predict"] * 3 + ["tags", "answer", "choose", "fill-mask", "embed", "embed_sparse", "search", "predict", "relation", "answer"]
    assert [section.split("<form")[0] for section in sections] == routes
    for route, section in zip(routes, sections):
        assert "<button>Ask</button>" in section and "ms, JSON</summary>" in section and 'class="error"' not in section, section[:800]
        assert route == "tags" or '<td class="bar">' in section, section[:800]
