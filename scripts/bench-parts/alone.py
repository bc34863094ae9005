"""What the program takes by itself: its start, many jobs, great caps, large images, and its parts."""

import hashlib
import json
import os
import shutil
import subprocess

from machine import ROOT, SCRIPTS, say
from measuring import CAP, KEY, Data, Took, fetch, job_ids, middle, picture


def resume(program, work, url, rounds):
    """A million records and as many lines, all done."""
    count = 1_000_000
    ids = job_ids(count, "resume")
    manifest, results, images = work / "resume.jsonl", work / "journal.jsonl", work / "resumed"
    images.mkdir()
    png = picture(1000)
    say("resume: making a million images and records")
    with manifest.open("w") as lines, results.open("w") as records:
        (work / "resumed-one.png").write_bytes(png)
        for number, id in enumerate(ids, 1):
            # Hard links: a million names of one file.
            if number % 10_000 == 1:
                source = images / f"{id}.png"
                source.write_bytes(png)
            else:
                os.link(source, images / f"{id}.png")
            lines.write(f'{{"job_id":"{id}"}}\n')
            records.write(json.dumps({
                "v": 1, "job_id": id, "status": "downloaded", "manifest": str(manifest), "line": number,
                "image": {"path": f"{images}/{id}.png", "bytes": len(png), "width": 64, "height": 4,
                          "sha256": hashlib.sha256(png).hexdigest(), "url": f"{url}/resume/{id}.png"},
                "polls": 1, "downloads": 1, "first_seen": "2026-01-01T00:00:00.000Z",
                "finished_at": "2026-01-01T00:00:01.000Z", "elapsed_ms": 1000, "runs": 1, "input": {"job_id": id},
            }, separators=(",", ":")) + "\n")
    environment = {"PICTORY_API_KEY": KEY, "PICTORY_API_BASE_URL": f"{url}/resume/pictoryapis"}
    print(f"\n### resume: {count} records, {count} lines, all done\n")
    print("| wall s | lines and records a second | CPU s | peak MB | bytes a job |")
    print("|---|---|---|---|---|")
    for _ in range(rounds):
        took = Took([program, "--resume", "-r", results, "-o", images, manifest], environment).expect()
        print(f"| {took.wall:.2f} | {2 * count / took.wall:.0f} | {took.cpu:.2f} | {took.peak:.0f} | "
              f"{took.peak * 2**20 / count:.0f} |", flush=True)
    shutil.rmtree(images)
    results.unlink()


def many(program, work, url, count, cap, rounds, variables={}):
    """Jobs that share one image of a kilobyte; what they take, each time."""
    manifest = work / "many.jsonl"
    with manifest.open("w") as lines:
        for id in job_ids(count, "many"):
            lines.write(f'"{id}"\n')
    images = work / "many-images"
    took = []
    for _ in range(rounds):
        took.append(fetch(program, work, f"{url}/many/pictoryapis", manifest, images, "-j", cap,
                          variables=variables))
        assert len(os.listdir(images)) == count
        shutil.rmtree(images)
    return took


def memory(program, work, url):
    print("\n### memory: cap 64, one image of 1 kB for all\n")
    print("| jobs | peak MB | bytes a job beyond the first 1,000 |")
    print("|---|---|---|")
    base = None
    for count in [1_000, 10_000, 100_000, 1_000_000]:
        peak = many(program, work, url, count, CAP, 1)[0].peak
        base = base if base is not None else peak
        print(f"| {count} | {peak:.1f} | {(peak - base) * 2**20 / count:.0f} |", flush=True)


def allocator(program, work, url, rounds):
    """The same jobs with mimalloc, and with the C library's allocator, which goes first when it is preloaded."""
    libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    libc = next(line.split()[2] for line in libraries.splitlines() if "libc.so" in line)
    took = {"mimalloc": [], "C library": []}
    for _ in range(rounds):
        took["mimalloc"] += many(program, work, url, 20_000, CAP, 1)
        took["C library"] += many(program, work, url, 20_000, CAP, 1, {"LD_PRELOAD": libc})
    print("\n### allocator: 20,000 jobs, one image of 1 kB for all\n")
    print("| allocator | wall s | CPU s | peak MB |\n|---|---|---|---|")
    for name, runs in took.items():
        figures = [middle([getattr(run, figure) for run in runs]) for figure in ("wall", "cpu", "peak")]
        print(f"| {name} | " + " | ".join(figures) + " |", flush=True)


def start(program, work, url, rounds):
    """How long nothing, and almost nothing, takes."""
    data = Data(work, "start", 1, 1000)
    api = f"{url}/start/pictoryapis"
    images = work / "started"
    images.mkdir()
    rows = {
        "pictory-fetch --version": lambda: Took([program, "--version"]).expect(),
        "pictory-fetch, one job": lambda: fetch(program, work, api, data.manifest, images),
        "two curl calls": lambda: Took(["sh", "-c", 'curl -sSf -H "Authorization: $1" -o "$4" "$2/v1/jobs/$3"; '
                                        'curl -sSf -o "$5" "$6"', "sh", KEY, api, data.ids[0], work / "reply.json",
                                        images / "curl.png", f"{url}/start/{data.ids[0]}.png"]).expect(),
    }
    times = {name: [] for name in rows}
    for _ in range(max(rounds, 5) * 4):
        for name, run in rows.items():
            times[name].append(run().wall * 1000)
    print("\n### start\n\n| | ms |\n|---|---|")
    for name, values in times.items():
        print(f"| {name} | {middle(values)} |", flush=True)
    shutil.rmtree(images)


def scale(program, work, url):
    print("\n### scale: jobs, at cap 64\n\n| jobs | wall s | jobs/s | CPU ms a job | peak MB |\n|---|---|---|---|---|")
    for count in [1_000, 10_000, 100_000, 1_000_000]:
        took = many(program, work, url, count, CAP, 1)[0]
        print(f"| {count} | {took.wall:.2f} | {count / took.wall:.0f} | {1000 * took.cpu / count:.3f} | {took.peak:.0f} |",
              flush=True)
    print("\n### scale: cap, at 20,000 jobs\n\n| cap | wall s | jobs/s | CPU ms a job | peak MB |\n|---|---|---|---|---|")
    for cap in [1, 4, 16, 64, 256, 1024]:
        took = many(program, work, url, 20_000, cap, 1)[0]
        print(f"| {cap} | {took.wall:.2f} | {20_000 / took.wall:.0f} | {took.cpu / 20:.3f} | {took.peak:.0f} |", flush=True)
    print("\n### scale: image size, at cap 64, 500 MB in all\n\n| image | wall s | MB/s | CPU ms a MB | peak MB |")
    print("|---|---|---|---|---|")
    for size in [10_000, 100_000, 1_000_000, 10_000_000]:
        count = 500_000_000 // size
        name = "size" + "abcd"[len(str(size)) - 5]
        data = Data(work, name, count, size)
        took = fetch(program, work, f"{url}/{name}/pictoryapis", data.manifest, work / "sized")
        data.check(work / "sized")
        shutil.rmtree(work / "sized")
        data.remove()
        print(f"| {size // 1000} kB | {took.wall:.2f} | {500 / took.wall:.0f} | {2 * took.cpu:.2f} | {took.peak:.0f} |",
              flush=True)


def micro():
    """Parts of the program, each alone, by package-benchmark: what they do in a second."""
    subprocess.run([SCRIPTS / "setup"], check=True)
    say("Building the microbenchmarks (a first build takes some minutes)")
    # Apart from the other builds, for two of the targets are built to be tested.
    subprocess.run(["swift", "package", "--scratch-path", ".build-micro", "benchmark", "--no-progress", "--grouping",
                    "metric"], cwd=ROOT, check=True, env={**os.environ, "PICTORY_FETCH_BENCHMARK": "1"})
