"""Ranks on several hosts, whose part network namespaces take (scripts/hosts.py)."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest

import rank_runs
import tiny_run
from conftest import ROOT
from rank_runs import Ranks, difference, order, running, state, wait_until
from test_ranks import QUICK, RANKS_LOST, SMALL, TOLERANCE, arguments, nobody_is_left, place, trained  # noqa: F401 (fixtures)
from tiny_run import records, weights

sys.path.insert(0, str(ROOT / "scripts"))
from hosts import Hosts, output, why_not  # noqa: E402


@pytest.fixture(scope="module")
def hosts():
    if reason := why_not():
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        try:
            made = Hosts()
            stack.callback(made.remove)
        except OSError as problem:
            pytest.skip(f"network namespaces cannot be made here: {problem}")
        yield made


def start(hosts, albert_binary, place, folder, *more, address=None, variables=None):
    """A rank on each host, told as Kubernetes tells them."""
    meeting = {"MASTER_ADDR": address or hosts.addresses[0], "LOCAL_WORLD_SIZE": 1, "LOCAL_RANK": 0}
    return Ranks(albert_binary, 2, folder, *arguments(place, "pretrain", "run", *more), prefix=hosts.on, variables={**meeting, **(variables or {})})


@pytest.fixture(scope="module")
def on_two_hosts(hosts, albert_binary, place, tmp_path_factory):
    """A run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("hosts")
    ranks = start(hosts, albert_binary, place, folder)
    assert ranks.wait() == [0, 0], ranks.logs()
    return folder / "run"


def test_two_hosts_train_as_one_process(trained, on_two_hosts):
    assert order(on_two_hosts) == order(trained("pretrain", 1))
    assert difference(on_two_hosts, trained("pretrain", 1)) < TOLERANCE
    assert weights(on_two_hosts) == weights(trained("pretrain", 2))  # where ranks run changes no bit


def test_each_host_gives_its_rank_all_cores(hosts, albert_binary, place, tmp_path):
    """torchrun says OMP_NUM_THREADS=1 where it starts several ranks."""
    ranks = start(hosts, albert_binary, place, tmp_path, "--set", "train.steps=1", "--set", "train.threads=0", variables={"OMP_NUM_THREADS": 1})
    assert ranks.wait() == [0, 0], ranks.logs()
    assert re.search(rf"computing on cpu, {len(os.sched_getaffinity(0))} threads?, float32, each of 2 ranks", ranks.log(0))


@pytest.mark.parametrize("host", [0, 1])
def test_a_pulled_cable_ends_both_sides(hosts, albert_binary, place, tmp_path, host):
    ranks = start(hosts, albert_binary, place, tmp_path, *QUICK)
    ranks.wait_for_steps(tmp_path / "run", 21)  # the checkpoint of step 20 is whole then
    ranks.begin = time.monotonic()
    hosts.set_link(host, "down")
    try:
        assert ranks.wait(seconds=2 * SMALL + 5) == [RANKS_LOST] * 2, ranks.logs()
    finally:
        hosts.set_link(host, "up")
    assert "rank 1 on albert-host1 gave no sign of life for" in ranks.log(0)
    assert re.search(rf"rank 0 on albert-host0 is lost, which serves the store of the ranks at {hosts.addresses[0]}:", ranks.log(1)), ranks.log(1)
    assert state(tmp_path / "run")["step"] >= 20


def test_delays_and_losses_cost_nothing_but_time(hosts, albert_binary, place, tmp_path):
    steps = ["--set", "train.steps=30", "--set", "evaluate.every=30"]
    folders = [tmp_path / "calm", tmp_path / "storm"]
    for folder in folders:
        folder.mkdir()
    assert start(hosts, albert_binary, place, folders[0], *steps).wait() == [0, 0]
    weather = ["qdisc", "add", "dev", "eth0", "root", "netem", "delay", "10ms", "5ms", "loss", "1%"]
    try:
        output("tc", "-n", hosts.names[1], *weather)
    except OSError as problem:
        pytest.skip(f"the kernel cannot delay packets: {problem}")
    try:
        ranks = start(hosts, albert_binary, place, folders[1], *steps)
        assert ranks.wait() == [0, 0], ranks.logs()
    finally:
        output("tc", "-n", hosts.names[1], "qdisc", "delete", "dev", "eth0", "root")
    assert weights(folders[0] / "run") == weights(folders[1] / "run")
    waited = [sum(record["rank_wait_fraction"] for record in records(folder / "run")) for folder in folders]
    assert waited[1] > waited[0]


def test_a_host_may_know_itself_by_a_loopback_address(hosts, albert_binary, place, tmp_path):
    """Debian lets the own name mean 127.0.1.1, where no other host comes in; and the own name is what Slurm and torchrun take."""
    hosts.write_names("127.0.0.1 localhost", "127.0.1.1 albert-host0")
    try:
        ranks = start(hosts, albert_binary, place, tmp_path, "--set", "train.steps=3", address="albert-host0")
        assert ranks.wait(seconds=30) == [0, 0], ranks.logs()
    finally:
        hosts.write_names()


def test_a_loopback_address_is_no_meeting_place(hosts, albert_binary, place, tmp_path):
    """It is another host for each: rank 0 sees nobody come, and rank 1 nobody who waits."""
    ranks = start(hosts, albert_binary, place, tmp_path, "--set", "parallel.join_timeout_s=5", address="127.0.0.1")
    assert ranks.wait(seconds=20) == [RANKS_LOST] * 2, ranks.logs()
    assert "rank 1 of 2 did not come within 5 s" in ranks.log(0)
    assert "MASTER_ADDR is to name the host of rank 0" in ranks.log(1)


def test_a_wrong_interface_is_found_while_ranks_join(hosts, albert_binary, place, tmp_path):
    """One by which no host reaches another one, and which swallows what is sent, as a firewall does."""
    for host, name in enumerate(hosts.names):
        output("ip", "-n", name, "link", "add", "inner", "type", "veth", "peer", "name", "nowhere")
        output("ip", "-n", name, "address", "add", f"10.231.78.{host + 1}/24", "dev", "inner")
        output("ip", "-n", name, "link", "set", "inner", "arp", "off", "up")
        output("ip", "-n", name, "link", "set", "nowhere", "up")
    try:
        ranks = start(hosts, albert_binary, place, tmp_path, "--set", "parallel.join_timeout_s=5", variables={"GLOO_SOCKET_IFNAME": "inner"})
        assert ranks.wait(seconds=30) == [RANKS_LOST] * 2, ranks.logs()
    finally:
        for name in hosts.names:
            output("ip", "-n", name, "link", "delete", "inner")
    assert "set GLOO_SOCKET_IFNAME to the interface by which the hosts reach one another" in ranks.logs()


@pytest.fixture
def torchrun(tmp_path):
    """A folder with the command of that name."""
    program = tmp_path / "bin/torchrun"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m torch.distributed.run "$@"\n')
    program.chmod(0o755)
    return program.parent


def test_the_torchrun_script_starts_again_on_two_hosts(hosts, albert_binary, place, on_two_hosts, torchrun, tmp_path):
    """One kill takes one start: no agent takes the end of the ranks of another host for a second one. The count of starts is the largest that
    an agent has."""
    run, port = tmp_path / "run", rank_runs.free_port()
    path = f"{torchrun}:{albert_binary.parent}:{os.environ['PATH']}"
    words = arguments(place, "pretrain", run, "--set", f"parallel.timeout_s={SMALL}")
    nodes = []
    for host in (0, 1):
        with (tmp_path / f"torchrun{host}").open("wb") as log:
            settings = {"PATH": path, "HEAD": "albert-host0", "PORT": port, "ADDRESS": hosts.addresses[host], "RUN_ID": "test"}
            nodes.append(subprocess.Popen(list(map(str, [*hosts.on(host), ROOT / "scripts/examples/torchrun.sh", *words])), stdout=log, stderr=log,
                                          cwd=tmp_path, env=rank_runs.environment(**settings)))
    logs = lambda: "".join((tmp_path / f"torchrun{host}").read_text() for host in (0, 1))
    try:
        wait_until(lambda: tiny_run.steps_done(run) >= 60, "step 60")
        os.kill(running(albert_binary)[1], signal.SIGKILL)
        codes = [node.wait(timeout=60) for node in nodes]
    finally:
        for node in nodes:
            node.terminate()
            node.wait()
    assert codes == [0, 0], logs()
    assert weights(run) == weights(on_two_hosts)
    assert re.findall(r"has started the ranks anew \(([0-9]+) times so far\)", logs()) == ["1"], logs()
    assert logs().count("gave no sign of life") <= 1, logs()  # by rank 0 of the first start, if its agent let it
