"""Jobs that wait for their next poll."""

import json
import os
import shutil
import subprocess
import time

from measuring import CAP, KEY, fetch, job_ids


def waiting(program, simulator, work, url, rounds):
    """Jobs that need 1 to 12 polls a second apart, and jobs that only wait."""
    count, interval = 2000, 1
    ids = job_ids(count, "waiting")
    manifest = work / "waiting.jsonl"
    manifest.write_text("".join(f'"{id}"\n' for id in ids))
    print(f"\n### waiting: {count} jobs of 1–12 polls, {interval} s apart, cap {CAP}\n")
    print("| wall s | ÷ the latest possible | polls | polls ÷ those needed | most in flight | CPU s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for _ in range(rounds):
        server = subprocess.Popen([simulator, "serve", "--scenario", "waiting", "--images", "64x64", "--time-scale", "10"],
                                  stdout=subprocess.PIPE)
        api = json.loads(server.stdout.readline())["base_url"]
        took = fetch(program, work, api, manifest, work / "waited", "--poll-interval", f"{interval}s",
                     "--max-poll-interval", f"{interval}s")
        seen = json.loads(subprocess.run(["curl", "-sS", api.replace("/pictoryapis", "/simulator/stats")],
                                         capture_output=True, check=True).stdout)
        server.terminate()
        server.wait()
        shutil.rmtree(work / "waited")
        polls = [json.loads(line)["polls"] for line in (work / "results.jsonl").open()]
        # The simulator finishes a job at its n-th poll, so n polls are needed, and the last job is ready after the
        # intervals between its own; one more interval may pass before that is seen.
        latest = max(polls) * interval
        print(f"| {took.wall:.2f} | {took.wall / latest:.2f} | {seen['requests']['poll']} | "
              f"{seen['requests']['poll'] / sum(polls):.2f} | {seen['in_flight']['most']} | {took.cpu:.2f} | "
              f"{took.peak:.0f} |", flush=True)
    idle(program, work, url, 100_000)


def idle(program, work, url, count):
    """The CPU that jobs take which wait for their next poll."""
    manifest = work / "idle.jsonl"
    manifest.write_text("".join(f'"{id}"\n' for id in job_ids(count, "idle")))
    process = subprocess.Popen(
        [program, "-j", str(CAP), "--window", str(count), "--poll-interval", "1h",
         "--max-poll-interval", "1h", "--max-wait", "2h", "-o", work / "idle", "-r", work / "idle-results.jsonl", manifest],
        env={"PICTORY_API_KEY": KEY, "PICTORY_API_BASE_URL": f"{url}/busy/pictoryapis"}, stderr=subprocess.DEVNULL)

    def seconds():
        fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = seconds()
    while True:
        time.sleep(2)
        now = seconds()
        if now > 1 and now - before < 0.2:
            break
        before = now
    start = seconds()
    time.sleep(30)
    used = 2 * (seconds() - start)
    peak = next(line.split()[1] for line in open(f"/proc/{process.pid}/status") if line.startswith("VmHWM"))
    process.terminate()
    process.wait()
    print(f"\n{count} jobs that wait: {used:.2f} s of CPU a minute, peak {int(peak) / 1024:.0f} MB", flush=True)
