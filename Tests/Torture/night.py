"""A run of four jobs in which a call of the system fails, the run after it, and what has to hold after both."""

import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile

from servers import IDS, IMAGES

KEY = "pictai_canary_6f1d2c9be0a74385"
# Every exit status that a run may end with which was asked for in the right way.
STATUSES = {0, 1, 66, 73, 74, 75, 78}
# Seconds; a run takes less than one.
PATIENCE = 20

CALLS = """open read write fsync fdatasync rename unlink close flock stat mkdir ftruncate fcntl faccessat fdopendir
readdir socket connect receive send setsockopt getsockopt getaddrinfo poll pipe epoll_create epoll_ctl epoll_wait
eventfd timerfd_create timerfd_settime pthread_create""".split()


SCENARIOS = ["new", "resumed", "piped"]


class Fault:
    """Which call fails, which one of them, how, and whether all later ones do too."""

    def __init__(self, scenario, call, number, errno, name, goes_on):
        self.scenario, self.call, self.number = scenario, call, number
        self.errno, self.name, self.goes_on = errno, name, goes_on

    def __str__(self):
        return f"{self.scenario}:{self.call}:{self.number}:{self.name}:{'on' if self.goes_on else 'once'}"

    def environment(self):
        variables = {"TORTURE_CALL": self.call, "TORTURE_NUMBER": str(self.number), "TORTURE_ERRNO": str(self.errno)}
        return variables | ({"TORTURE_ON": "1"} if self.goes_on else {})


class Ended:
    def __init__(self, status, errors, output, seen, hit):
        self.status, self.errors, self.output, self.seen, self.hit = status, errors, output, seen, hit


class Night:
    """A folder of its own, and runs in it."""

    NAMES = {"m", "r.jsonl", "s.json", "n.prom", "l", "images"}

    def __init__(self, program, shim, servers):
        self.program, self.shim, self.servers = program, shim, servers
        self.outside = tempfile.mkdtemp(prefix="torture-")
        self.folder = os.path.join(self.outside, "night")
        os.mkdir(self.folder)
        self.write_manifest(IDS)

    def remove(self):
        shutil.rmtree(self.outside, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_manifest(self, jobs):
        with open(self.path("m"), "w") as file:
            file.writelines(json.dumps({"job_id": job}) + "\n" for job in jobs)

    def run(self, fault=None, piped=False):
        """One run; with `piped`, manifest and records are standard input and output, which are files all the same."""
        with tempfile.NamedTemporaryFile(prefix="torture-counts-") as counts:
            counts.write(bytes(4 * (len(CALLS) + 1)))
            counts.flush()
            # A backtrace of a crash takes seconds, and tells nothing that the exit status does not.
            environment = {
                "PICTORY_API_KEY": KEY, "LD_PRELOAD": self.shim, "TORTURE_FOLDER": self.folder,
                "TORTURE_COUNTS": counts.name, "SWIFT_BACKTRACE": "enable=no"}
            arguments = [self.program] + ([] if piped else ["m", "-r", "r.jsonl", "--resume"]) + [
                "-o", "images", "--summary", "s.json", "--metrics", "n.prom", "--lock", "l", "--api-url",
                f"http://127.0.0.1:{self.servers.api.port}/pictoryapis", "-j", "2", "--retries", "1", "--retry-delay",
                "5ms", "--max-retry-delay", "20ms", "--poll-interval", "20ms", "--max-poll-interval", "50ms",
                "--max-wait", "2s", "--connect-timeout", "1s", "--request-timeout", "2s", "--stall-timeout", "2s"]
            with contextlib.ExitStack() as files:
                streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
                if piped:
                    streams["stdin"] = files.enter_context(open(self.path("m"), "rb"))
                    streams["stdout"] = files.enter_context(open(self.path("r.jsonl"), "ab"))
                running = subprocess.Popen(
                    arguments, cwd=self.folder, env=environment | (fault.environment() if fault else {}), **streams)
            try:
                output, errors = running.communicate(timeout=PATIENCE)
                status = running.returncode
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
                output, errors = running.communicate()
                status = "time-out"
            with open(counts.name, "rb") as file:
                numbers = (ctypes.c_uint32 * (len(CALLS) + 1)).from_buffer_copy(file.read())
            return Ended(status, errors, output or b"", dict(zip(CALLS, numbers)), numbers[len(CALLS)])

    def records(self):
        """The whole records, and whether the last line is torn. What else is no record is a fault."""
        try:
            with open(self.path("r.jsonl"), "rb") as file:
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return [], False, []
        records, wrong = [], []
        torn = lines.pop() != b""
        for line in lines:
            try:
                record = json.loads(line)
                records.append((record["job_id"], record["status"], record["line"], record.get("image")))
            except (ValueError, KeyError, TypeError):
                wrong.append(f"O1: no record: {line[:200]!r}")
        return records, torn, wrong

    def images_asked(self):
        return [head.split(" ")[1][1:37] for head in self.servers.images.heads]


def faults_of_any_run(night, ended, was_killed=False, may_repeat=False):
    """What is wrong after one run, whatever happened in it."""
    records, _, wrong = night.records()
    if was_killed:
        pass
    elif ended.status not in STATUSES:
        wrong.append(f"O5 or O6: exit status {ended.status}")
    elif ended.status != 0 and not ended.errors.strip():
        wrong.append(f"O5: exit status {ended.status} without a word")
    downloaded = [record for record in records if record[1] == "downloaded"]
    if ended.status == 0 and {record[0] for record in downloaded} != set(IDS):
        wrong.append("O5: exit status 0, and not every job is downloaded")
    if not may_repeat and len({record[0] for record in downloaded}) != len(downloaded):
        wrong.append("O1: a job is downloaded twice")
    for job, _, _, told in downloaded:
        try:
            with open(night.path(told["path"]), "rb") as file:
                found = file.read()
        except OSError as error:
            wrong.append(f"O2: {error}")
            continue
        if hashlib.sha256(found).hexdigest() != told["sha256"] or found != IMAGES[job] or told["bytes"] != len(found):
            wrong.append(f"O2: the image of {job} is wrong")
    if os.path.isdir(night.path("images")):
        for name in os.listdir(night.path("images")):
            if name.startswith("."):
                continue
            with open(night.path(f"images/{name}"), "rb") as file:
                if file.read() != IMAGES.get(name.removesuffix(".png")):
                    wrong.append(f"O3: {name} is partial or foreign")
    for folder, _, names in os.walk(night.outside):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                if KEY.encode() in file.read():
                    wrong.append(f"O4: the key is in {name}")
    if KEY.encode() in ended.output + ended.errors or any(KEY in head for head in night.servers.images.heads):
        wrong.append("O4: the key was told")
    if ended.output:
        wrong.append("O5: something is on standard output")
    if os.listdir(night.outside) != ["night"]:
        wrong.append("O8: something lies outside")
    strangers = {name for name in os.listdir(night.folder) if not name.startswith(".")} - night.NAMES
    if strangers:
        wrong.append(f"O8: {strangers}")
    return wrong


def play(program, shim, servers, fault, known_end=lambda fault, ended: None):
    """One fault and the run after it: what is wrong, whether a call failed at all, and the calls that were seen."""
    night = Night(program, shim, servers)
    try:
        if fault.scenario == "resumed":
            # One job is done, and of the next record a killed run has left the beginning.
            night.write_manifest(IDS[:1])
            night.run()
            night.write_manifest(IDS)
            with open(night.path("r.jsonl"), "ab") as file:
                file.write(b'{"v":1,"job_id":"f0000000-0000-40')
        servers.images.heads.clear()
        done = {record[0] for record in night.records()[0]}
        first = night.run(fault, piped=fault.scenario == "piped")
        is_known = known_end(fault, first) is not None
        # An image that can never be looked at is fetched again, which is right.
        may_repeat = fault.call == "stat" and fault.goes_on
        wrong = [f"first run: {words}" for words in faults_of_any_run(night, first, is_known, may_repeat)]
        if not may_repeat and done & set(night.images_asked()):
            wrong.append("first run: O7: what was downloaded is downloaded again")
        before, torn, _ = night.records()
        new = [record for record in before if record[0] not in done]
        if first.status in (0, 1, 75) and (torn or sorted(record[2] for record in new) != list(range(1 + len(done), 5))):
            # The lock that could not be taken is told by 75 too, and then there is no record at all.
            if new or b"holds the lock" not in first.errors:
                wrong.append("first run: O1: not one record for every line")
        servers.images.heads.clear()
        second = night.run()
        wrong += [f"second run: {words}" for words in faults_of_any_run(night, second, False, may_repeat)]
        after, torn, _ = night.records()
        if second.status != 0 or torn or {record[0] for record in after if record[1] == "downloaded"} != set(IDS):
            wrong.append(f"second run: O7: exit status {second.status}: {second.errors.decode(errors='replace')}")
        # The last record of a job counts.
        settled = {job for job, status in {record[0]: record[1] for record in before}.items() if status == "downloaded"}
        if settled & set(night.images_asked()):
            wrong.append("second run: O7: what was downloaded is downloaded again")
        hidden = [name for _, _, names in os.walk(night.folder) for name in names if name.startswith(".")]
        if hidden:
            wrong.append(f"second run: O3: {hidden} are left")
        if wrong:
            wrong.append("standard error: " + first.errors.decode(errors="replace").strip())
        return wrong, first
    finally:
        night.remove()
