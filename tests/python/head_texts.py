"""Texts for models of random weights, and the configuration by which `albert finetune` makes such a model: for the tests of heads and of the server."""

WORDS = "the old river ran past a mill and two small bridges where Anna sold bread to guests $ # 1999 for 3,50".split()
LABELS = ["dry", "wet", "cold"]
MAX_LENGTH = 80  # some contexts of multiple choice are longer
CONFIG = """
task: {{name: test, max_sequence_length: {length}, {task}}}
optimizer: {{learning_rate: 0.01}}
schedule: {{warmup_steps: 1}}
train: {{steps: 3, batch_size: 8, micro_batch_size: 4, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: 3}}
"""


def text(draw, low=3, high=12):
    return " ".join(draw.choice(WORDS[:-5]) for _ in range(draw.randint(low, high)))
