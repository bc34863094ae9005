"""All contenders over the same jobs, in turn, and the table that comes of it."""

import dataclasses
import math
import shutil
import statistics
import subprocess
from collections.abc import Callable

import machine
from machine import Missing, say
from measuring import CAP, Took, fetch, middle
from servers import long_way

OURS, FLOOR = "pictory-fetch", "the floor: C, epoll, OpenSSL, libdeflate"
# What the long way adds to a reply and to a connection.
REPLY_MS, CONNECTION_MS = 80, 160


@dataclasses.dataclass
class Place:
    """Where the jobs are, and how many of them may be in flight."""

    api: str
    cap: int = CAP
    ca: object = None


@dataclasses.dataclass
class Contender:
    name: str
    # Fetches the images of some data into a folder, with the records in results.jsonl there.
    run: Callable
    records: bool = True
    missing: str = ""


@dataclasses.dataclass
class Peer:
    """A contender beside our own program: a function of `machine` makes it, and says which version it is of."""

    name: str
    make: Callable
    # The versions of HTTP that it speaks over TLS; plainly all speak 1.1.
    http: tuple = ("1.1", "2")
    records: bool = True


PEERS = [
    Peer(FLOOR, machine.floor, http=("1.1",)),
    Peer("Rust, hyper and tokio", machine.rust),
    Peer("Go, net/http", machine.go),
    Peer("Python, aiohttp", machine.python, http=("1.1",)),
    Peer("curl -Z and jq, no proof", machine.curl, records=False),
    Peer("curl -Z and jq, then sha256sum and pngcheck", machine.curl_with_proof),
]


class Contenders:
    """Our program and the peers, made once: of each its command, or why there is none."""

    def __init__(self, work, program):
        self.program, self.versions, self.commands, self.missing = program, [], {}, {}
        for peer in PEERS:
            try:
                self.commands[peer.name], version = peer.make(work)
                self.versions.append(version)
            except Missing as reason:
                self.missing[peer.name] = str(reason)
        if "--http1.1" not in subprocess.run([program, "run", "--help"], capture_output=True, text=True).stdout:
            self.missing[OURS] = "this program has no --http1.1"

    def at(self, place):
        """Ours goes first. Over TLS whoever speaks two versions of HTTP is there twice."""
        if place.ca is None:
            return [self.ours(place, OURS), *(self.peer(place, peer, peer.name, "1.1") for peer in PEERS)]
        plain = self.ours(place, f"{OURS}, HTTP/1.1", "--http1.1")
        plain.missing = self.missing.get(OURS, "")
        return [self.ours(place, OURS), plain,
                *(self.peer(place, peer, f"{peer.name}, HTTP/{http}" if peer.name != FLOOR else FLOOR, http)
                  for peer in PEERS for http in peer.http)]

    def ours(self, place, name, *more):
        trust = [] if place.ca is None else ["--ca-file", place.ca]
        return Contender(name, lambda data, images: fetch(
            self.program, images, place.api, data.manifest, images, "-j", place.cap, *trust, *more))

    def peer(self, place, peer, name, http):
        trust = [] if place.ca is None else [place.ca]
        return Contender(name, lambda data, images: Took(
            [*self.commands[peer.name], place.api, data.manifest, images, place.cap, http, *trust]).expect(),
            peer.records, self.missing.get(peer.name, ""))


def contest(contenders, work, place, data, rounds, ideal=None):
    """Rounds in which each contender runs once, in turn from the one end and from the other; the first is not counted."""
    images = work / "images"
    everyone = contenders.at(place)
    results = {contender.name: [] for contender in everyone}
    able = [contender for contender in everyone if not contender.missing]
    for turn in range(rounds + 1):
        for contender in able if turn % 2 == 0 else reversed(able):
            shutil.rmtree(images, ignore_errors=True)
            images.mkdir()
            took = contender.run(data, images)
            data.check(images)
            if contender.records:
                data.check_records(images / "results.jsonl")
            if turn > 0:
                results[contender.name].append(took)
            say(f"{data.name}, round {turn} of {rounds}: {contender.name} {took.wall:.2f} s")
    shutil.rmtree(images)
    print(f"\n### {data.name}: {data.count} jobs, images of {data.size // 1000} kB, cap {place.cap}\n")
    print_table(everyone, results, data.count, ideal)


def print_table(everyone, results, count, ideal):
    """Ratios are of one round each: the median, and their range."""
    titles = ["contender", "jobs/s", "wall s", "CPU ms a job (user)", "peak MB", "wall ÷ ours", "CPU ÷ ours",
              "wall ÷ floor", "CPU ÷ floor"] + ["wall ÷ ideal"] * bool(ideal)
    print("| " + " | ".join(titles) + " |\n|" + "---|" * len(titles))
    for contender in everyone:
        took = results[contender.name]
        if contender.missing:
            cells = [f"not run: {contender.missing}".replace("|", "/")] + [""] * (len(titles) - 2)
        else:
            wall = statistics.median(one.wall for one in took)
            cpu, user = (1000 * statistics.median(getattr(one, kind) for one in took) / count for kind in ("cpu", "user"))
            cells = [f"{count / wall:.0f}", f"{wall:.2f}", f"{cpu:.3f} ({user:.3f})", f"{max(one.peak for one in took):.0f}"]
            for others in (results[OURS], results[FLOOR]):
                for kind in ("wall", "cpu"):
                    ratios = [getattr(one, kind) / max(getattr(other, kind), 0.01) for one, other in zip(took, others)]
                    cells.append(middle(ratios) if ratios else "–")
            if ideal:
                cells.append(f"{wall / ideal:.3f}")
        print(f"| {contender.name} | " + " | ".join(cells) + " |", flush=True)


def latency(contenders, work, nginx, api, data, rounds):
    """A server far away. The ideal is what the replies alone take, if as many as the cap allows are always waited for."""
    with long_way(nginx, machine.latency(work), REPLY_MS, CONNECTION_MS) as far:
        for cap in (16, 64):
            ideal = math.ceil(data.count / cap) * 2 * REPLY_MS / 1000
            contest(contenders, work, Place(far + api, cap), data, rounds, ideal)
