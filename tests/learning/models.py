"""The models that the tests of learning begin with: small encoders pretrained here, and what they learn from texts alone before they see a task."""

from collections import Counter
from pathlib import Path

from filelock import FileLock

from conftest import ROOT
from cases import CASES
from stages import PairsWithCommonWords, chinese_sentences, sentences_of_books

#: Over every recipe: its values are for the published models. Processes that share the tests use the cores better than threads do.
SMALL = {"optimizer.learning_rate": 0.001, "optimizer.bias_correction": "true", "model.hidden_dropout_prob": 0,
         "model.attention_probs_dropout_prob": 0, "model.classifier_dropout_prob": 0, "schedule.warmup_steps": 0, "schedule.warmup_ratio": 0.1,
         "train.epochs": 0, "train.device": "cpu", "train.threads": 1}
#: For children: their language is simple.
AUTHORS = "alcott alger baum burnett goldfrap henty nesbit".split()
TAGS = {"task.tokens.score": "tags"}


def assignments(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def finetune(albert, recipe, encoder, data, run, settings):
    albert("finetune", "--config", ROOT / f"configs/finetune/{recipe}.yaml", "--model", encoder, "--data", data, "--run-dir", run,
           *assignments({**SMALL, **settings}))


class Models:
    """Each is made when it is first asked for, also where several processes ask."""

    def __init__(self, albert, shared: Path, folder: Path):
        self.albert = albert
        self.shared = shared
        self.folder = folder

    def get(self, name: str) -> Path:
        folder = self.folder / f"model-{name}"
        made = folder / "made"
        with FileLock(f"{folder}.lock"):
            if not made.exists():
                folder.mkdir(exist_ok=True)  # there may be one of a case that was left out halfway, when time was over
                made.write_text(str(getattr(self, name)(folder)))
        return Path(made.read_text())

    # ---- pretrained ----

    def pretrain(self, folder, tokenizer, texts, options, settings):
        self.albert("corpus", "build", "--input", *texts, "--tokenizer", tokenizer, "--output", folder / "corpus", *options)
        settings = {"data.corpus": folder / "corpus", **settings}
        self.albert("pretrain", "--config", Path(__file__).with_name("encoder.yaml"), "--run-dir", folder / "run", *assignments(settings))
        return folder / "run"

    def books(self):
        return sorted(path for path in (self.shared / "data/corpora/gutenberg").iterdir() if path.name.split("-")[0] in AUTHORS)

    def news(self):
        return self.shared / "data/corpora/zh_news/clue_sample_bert.txt"

    def english(self, folder):
        self.albert("tokenizer", "train", "--input", *self.books(), "--vocab-size", 4000, "--output", folder / "tokenizer")
        return self.pretrain(folder, folder / "tokenizer", self.books(), [], {})

    def chinese(self, folder):
        """With the characters of the news. At a higher rate so few updates teach it the frequencies of characters and undo all else."""
        counts = Counter(self.news().read_text().lower())
        characters = sorted(character for character, count in counts.items() if count > 2 and not character.isspace())
        continued = [f"##{character}" for character in characters if character.isascii() and character.isalnum()]
        (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *continued]) + "\n")
        self.albert("tokenizer", "convert", "--tokenizer", folder / "vocab.txt", "--output", folder / "tokenizer")
        return self.pretrain(folder, folder / "tokenizer", [self.news()], ["--format", "lines"],
                             {"train.steps": 400, "optimizer.learning_rate": 0.0005})

    # ---- and after a stage more ----

    def learn(self, recipe, encoder, file, write, steps, rate, settings):
        """The encoder after so many updates of 32 examples, which `write` puts into the file."""
        write(file, 32 * steps)
        run = file.parent / file.stem
        finetune(self.albert, recipe, encoder, file, run, {
            **settings, "optimizer.learning_rate": rate, "task.held_out": 0, "train.steps": steps, "train.batch_size": 32,
            "train.micro_batch_size": 32, "evaluate.every": 0})
        return run

    def learn_common_words(self, encoder, folder, sentences, lengths):
        """To find the words of a text in another one. Masked words teach that only to an encoder that is pretrained for hours; without it no
        comparison of two texts is learnt. Short texts come first: from long ones alone it takes several times the updates."""
        for longest, steps, rate in lengths:
            write = PairsWithCommonWords(sentences, longest).write_tags
            encoder = self.learn("conll", encoder, folder / f"{longest}.conll", write, steps, rate, TAGS)
        return encoder

    def learn_clozes(self, encoder, folder, case, steps):
        """To find what is missing in a question."""
        return self.learn(CASES[case].recipe, encoder, folder / "clozes.jsonl",
                          lambda file, count: CASES[case].data.write_clozes(self.shared, file, count), steps, 0.001, CASES[case].settings)

    def matching(self, folder):
        """Has learnt to find common words, and then how many there are; without the tags the numbers are learnt by other means."""
        sentences = sentences_of_books(self.books())
        encoder = self.learn_common_words(self.get("english"), folder, sentences, ((20, 700, 0.001), (90, 600, 0.0007)))
        return self.learn("regression", encoder, folder / "shares.tsv", PairsWithCommonWords(sentences, 90).write_shares, 400, 0.001,
                          {"task.text.text": "first", "task.text.second_text": "second"})

    def reading(self, folder):
        return self.learn_clozes(self.get("matching"), folder, "squad1", 1200)

    def chinese_reading(self, folder):
        texts = [self.news().read_text(), *CASES["cmrc2018"].data.texts_to_learn_from(self.shared)]
        encoder = self.learn_common_words(self.get("chinese"), folder, chinese_sentences(texts), ((40, 1500, 0.001), (90, 600, 0.0007)))
        return self.learn_clozes(encoder, folder, "cmrc2018", 1200)
