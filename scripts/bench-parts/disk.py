"""Images on a real disk, where everything is synced."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import tempfile

from machine import PEERS, ROOT, say
from measuring import CAP, Data, Took, fetch, middle


@contextlib.contextmanager
def fresh_ext4(disk):
    """A file system on this disk as mkfs.ext4 makes it, which has a journal; None where it cannot be mounted."""
    image, place = disk / "ext4", disk / "mounted"
    with image.open("wb") as file:
        file.truncate(4 << 30)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", image], check=True)
    place.mkdir()
    mounted = subprocess.run(["mount", "-o", "loop", image, place], stderr=subprocess.PIPE, text=True)
    if mounted.returncode != 0:
        say(f"durable: only on the disk as it is, for {mounted.stderr.strip()}")
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def file_system(place):
    """What holds a directory, and of ext4 whether it has a journal."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", place], capture_output=True, text=True, check=True).stdout.strip()
    device = place.stat().st_dev
    name = os.path.basename(os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
    if not os.path.exists(f"/proc/fs/ext4/{name}"):
        return kind
    journal = any(pathlib.Path("/proc/fs/jbd2").glob(f"{name}-*"))
    return "ext4 with a journal" if journal else "ext4 without a journal"


def durable(program, work, url, rounds):
    """On a real disk: everything synced, against one sequence of syncs for each image."""
    count = 2000
    data = Data(work, "durable", count, 1000)
    print(f"\n### durable: {count} jobs of 1 kB, cap {CAP}\n")
    print("| on | --durability full, jobs/s | --durability none, jobs/s | fsync, rename, fsync, record, fdatasync for each "
          "image, without any download, jobs/s | full ÷ that |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=ROOT / ".build", prefix="bench-") as disk:
        disk = pathlib.Path(disk)
        with fresh_ext4(disk) as fresh:
            for place in [fresh, disk] if fresh else [disk]:
                full, none, single = [], [], []
                for turn in range(rounds + 1):
                    # Directories of each round's own, removed at the end: where many files were removed just before, ext4
                    # takes up to a millisecond to create one.
                    for durability, results in [("full", full), ("none", none)]:
                        images = place / f"{durability}-{turn}"
                        results.append(fetch(program, place, f"{url}/durable/pictoryapis", data.manifest, images,
                                             durability=durability).wall)
                        data.check(images)
                    single.append(Took(["/usr/bin/python3", PEERS / "one_by_one.py", data.served,
                                        place / f"single-{turn}"]).expect().wall)
                rates = [count / statistics.median(times[1:]) for times in (full, none, single)]
                print(f"| {file_system(place)} | {rates[0]:.0f} | {rates[1]:.0f} | {rates[2]:.0f} | "
                      f"{middle([b / a for a, b in zip(full[1:], single[1:])])} |", flush=True)
    data.remove()
