"""Jobs with their images, and what a command takes to fetch them."""

import hashlib
import json
import os
import shutil
import statistics
import struct
import subprocess
import tempfile
import time
import uuid
import zlib

CAP = 64
KEY = "pictai_simulator"


def picture(size):
    """A PNG of about `size` bytes that does not compress, and that no other job has."""
    width = 64
    rows = max(1, (size - 80) // (width * 3 + 1))
    pixels = b"".join(b"\0" + os.urandom(width * 3) for _ in range(rows))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, rows, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(pixels, 0)) + chunk(b"IEND", b""))


def job_ids(count, seed):
    return [str(uuid.UUID(bytes=hashlib.md5(f"{seed} {n}".encode()).digest(), version=4)) for n in range(count)]


class Data:
    """The jobs of a workload: a manifest, and the images that nginx serves."""

    def __init__(self, work, name, count, size):
        self.name, self.count, self.size = name, count, size
        self.ids = job_ids(count, name)
        self.manifest = work / f"{name}.jsonl"
        self.manifest.write_text("".join(f'{{"job_id":"{id}"}}\n' for id in self.ids))
        self.sums = {}
        self.served = work / "served" / name
        self.served.mkdir(parents=True)
        for id in self.ids:
            png = picture(size)
            (self.served / f"{id}.png").write_bytes(png)
            self.sums[id] = hashlib.sha256(png).hexdigest()

    def remove(self):
        """Makes room in memory. nginx may know the images still, so that the name is not to be used again."""
        shutil.rmtree(self.served)

    def check(self, folder):
        """Every image is there, and is what was served."""
        names = {name for name in os.listdir(folder) if name.endswith(".png")}
        assert names == {f"{id}.png" for id in self.ids}, f"{len(names)} of {self.count} images in {folder}"
        for id, wanted in self.sums.items():
            found = hashlib.sha256((folder / f"{id}.png").read_bytes()).hexdigest()
            assert found == wanted, f"{id} in {folder} is not the image that was served"

    def check_records(self, file):
        """Every job has one record, which says the digest of what was served."""
        records = [json.loads(line) for line in file.open()]
        assert len(records) == self.count, f"{len(records)} records for {self.count} jobs in {file}"
        for record in records:
            assert record["status"] == "downloaded", f"{record} in {file}"
        found = {record["job_id"]: record.get("image", record)["sha256"] for record in records}
        assert found == self.sums, f"the records in {file} do not tell what was served"


class Took:
    """What a command took: wall seconds, CPU seconds in all and of its own, peak memory in MB, and its status."""

    def __init__(self, command, environment=None):
        # Through `time`, because the peak of a child begins with that of its parent, and Python's is no small one.
        with tempfile.NamedTemporaryFile("r") as figures:
            start = time.monotonic()
            process = subprocess.run(["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", figures.name, *map(str, command)],
                                     env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
            self.wall = time.monotonic() - start
            user, system, peak = figures.read().split()
        self.said = process.stderr.decode()
        self.user = float(user)
        self.cpu = self.user + float(system)
        self.peak = int(peak) / 1024
        self.status = process.returncode

    def expect(self, status=0):
        assert self.status == status, f"exit status {self.status}: {self.said[-2000:]}"
        return self


def fetch(program, folder, api, manifest, images, *more, durability="none", status=0, variables={}):
    """Runs our program, with its records in results.jsonl of a folder."""
    environment = {"PICTORY_API_KEY": KEY, "PICTORY_API_BASE_URL": api, "PATH": os.environ["PATH"], **variables}
    return Took([program, "-j", CAP, "--durability", durability, "-o", images, "-r",
                 folder / "results.jsonl", "--force", *more, manifest], environment).expect(status)


def middle(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"
