"""Hosts of one network, whose part network namespaces take: each has an interface, an address and a host name of its own. Only root can make
them. For tests and benchmarks of several machines."""

import os
import shutil
import subprocess
from pathlib import Path


def output(*command) -> str:
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if result.returncode != 0:
        raise OSError(f"{' '.join(map(str, command))}: {result.stderr.strip()}")
    return result.stdout


def why_not() -> str | None:
    """Why no hosts can be made here; None if they can, as far as can be told."""
    if os.geteuid() != 0:
        return "makes network namespaces, which only root can"
    return next((f"there is no {program}" for program in ("ip", "tc", "unshare") if not shutil.which(program)), None)


class Hosts:
    """Two hosts or more, albert-host0, albert-host1 and so on, of which a process sees as much as of real ones."""

    def __init__(self, count: int = 2):
        mark = os.getpid() % 100000
        self.bridge, self.names, self.links = f"albr{mark}", [f"alb{mark}h{i}" for i in range(count)], [f"alb{mark}v{i}" for i in range(count)]
        self.addresses = [f"10.231.77.{i + 1}" for i in range(count)]
        self.names_of_hosts = "127.0.0.1 localhost\n" + "".join(f"{address} albert-host{i}\n" for i, address in enumerate(self.addresses))
        try:
            self._make()
        except OSError:
            self.remove()
            raise

    def _make(self):
        output("ip", "link", "add", self.bridge, "type", "bridge")
        output("ip", "link", "set", self.bridge, "up")
        for name, link, address in zip(self.names, self.links, self.addresses):
            output("ip", "netns", "add", name)
            output("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
            output("ip", "link", "set", link, "master", self.bridge, "up")
            output("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            for device in ("eth0", "lo"):
                output("ip", "-n", name, "link", "set", device, "up")
            Path("/etc/netns", name).mkdir(parents=True)  # of which `ip netns exec` lays each file over that of /etc
        self.write_names()

    def write_names(self, *of_host0: str):
        """What each host calls the others, and host 0 itself."""
        for host, name in enumerate(self.names):
            lines = of_host0 if of_host0 and host == 0 else [self.names_of_hosts]
            Path("/etc/netns", name, "hosts").write_text("\n".join(lines))

    def remove(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
            shutil.rmtree(Path("/etc/netns", name), ignore_errors=True)
        subprocess.run(["ip", "link", "delete", self.bridge], capture_output=True)

    def on(self, host: int) -> list[str]:
        """What a command is started by to run on a host."""
        return ["ip", "netns", "exec", self.names[host], "unshare", "--uts", "sh", "-c", 'hostname "$0"; exec "$@"', f"albert-host{host}"]

    def set_link(self, host: int, state: str):
        output("ip", "link", "set", self.links[host], state)

    def set_rate(self, gigabits: float | None):
        """What each host can send in a second; None: as much as the machine can."""
        for name in self.names:
            subprocess.run(["tc", "-n", name, "qdisc", "delete", "dev", "eth0", "root"], capture_output=True)
            if gigabits:
                output("tc", "-n", name, "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", f"{gigabits}gbit", "burst", "1mb", "latency", "50ms")
