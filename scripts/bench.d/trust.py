"""Jobs of trust stores: listing one, adding many certificates to one, auditing a large folder."""

import os
import pathlib
import shlex
import shutil
import subprocess
import time

import rounds

PASSWORD = "Sesame-Opens-417"
CACERTS = "/etc/ssl/certs/java/cacerts"

# How many certificates are added at once, and how many of them keytool adds one by one: the rest is alike.
MANY, SOME = 500, 20


def list_commands(certkit):
    """Java's own store, listed."""
    return {
        "certkit trust list": [certkit, "trust", "list", CACERTS],
        "keytool -list": ["keytool", "-J-Duser.language=en", "-list", "-storepass", "changeit", "-keystore", CACERTS],
    }, "debian:"


def run(words, **settings):
    done = subprocess.run(words, capture_output=True, check=False, **settings)
    if done.returncode not in (0, 1):
        raise rounds.NotMeasured(f"{words}: {done.stderr.decode(errors='replace')}")
    return done


def authorities(folder, certkit):
    """As many CAs as are added, each in a file, and all in one."""
    place = pathlib.Path(folder) / "authorities"
    everything = place / "all.pem"
    if not everything.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for at in range(MANY):
            words = [certkit, "generate", "ca", "--name", f"Root {at}", "--key-type", "ec:p256", "--no-password"]
            run([*words, "--cert-out", f"{at}.pem", "--key-out", f"{at}.key"], cwd=place)
        part = place / "all.part"
        part.write_text("".join((place / f"{at}.pem").read_text() for at in range(MANY)))
        part.rename(everything)
    return place, everything


def add(folder, certkit, kind, patience, count):
    """Seconds for certkit to add all at once, and for keytool to add some, one after the other."""
    place, everything = authorities(folder, certkit)
    (place / "password").write_text(PASSWORD + "\n")
    ours, theirs = [], []
    for _ in range(count):
        patience.wait()
        for name in ("ours", "theirs"):
            for old in (f"{name}.{kind}", f"{name}.{kind}.certkit"):
                path = place / old
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        start = time.perf_counter()
        words = [certkit, "trust", "add", f"ours.{kind}", str(everything), "--create", "--password-file", "password"]
        run(words, cwd=place)
        ours.append(time.perf_counter() - start)
        loop = " && ".join(
            f"keytool -importcert -noprompt -alias r{at} -file {at}.pem -keystore theirs.{kind}"
            f" -storetype {'PKCS12' if kind == 'p12' else 'JKS'} -storepass {shlex.quote(PASSWORD)}"
            for at in range(SOME)
        )
        start = time.perf_counter()
        run(["sh", "-c", loop], cwd=place)
        theirs.append((time.perf_counter() - start) * MANY / SOME)
    listed = run([certkit, "trust", "list", f"ours.{kind}", "--password-file", "password"], cwd=place).stdout
    if f"{MANY} certificates".encode() not in listed:
        raise rounds.NotMeasured(f"not all of {MANY} certificates are in the store")
    return rounds.Samples(ours), rounds.Samples(theirs)


def many_files(folder, bundle, count):
    """A folder with each certificate of a bundle in a file of its own."""
    place = pathlib.Path(folder) / f"folder-{count}-{pathlib.Path(bundle).stem[-8:]}"
    if not place.exists():
        part = place.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        block, at = [], 0
        with open(bundle, encoding="ascii") as lines:
            for line in lines:
                block.append(line)
                if line.startswith("-----END"):
                    (part / f"{at:06}.pem").write_text("".join(block))
                    block, at = [], at + 1
        part.rename(place)
    return str(place)


def build_parser(folder):
    """The peer: a program of Go's that only parses."""
    source = pathlib.Path(__file__).with_name("parse.go")
    program = os.path.join(folder, "parse-go")
    cache = {**os.environ, "GOCACHE": os.path.join(folder, "go-cache"), "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}
    run(["go", "build", "-o", program, str(source)], env=cache)
    if not os.path.exists(program):
        raise rounds.NotMeasured("the Go program could not be built")
    return program


def audit(folder, certkit, place, patience, count):
    """Seconds of both, and certkit's peak memory in KiB."""
    commands = {
        "certkit": [certkit, "trust", "audit", f"folder:{place}"],
        "go": [build_parser(folder), place],
    }
    taken = {name: [] for name in commands}
    for _ in range(count):
        patience.wait()
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            taken[name].append(time.perf_counter() - start)
            if done.returncode > 2:
                raise rounds.NotMeasured(f"{name} ended with {done.returncode}")
    return rounds.Samples(taken["certkit"]), rounds.Samples(taken["go"]), rounds.peak_kb(commands["certkit"])
