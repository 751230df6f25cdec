"""Runs the jobs and prints the table; `scripts/bench` has built everything. See there."""

import argparse
import os
import sys

import counts
import expiry
import inputs
import kept
import making
import rounds
import trust


class Claim:
    """A ratio between two measurements of one run, and the bound that it is held to."""

    def __init__(self, job, ours, theirs, ratio, least_ratio, bound, holds):
        self.job, self.ratio, self.is_speed = f"{job}: {theirs.split(' ')[0]}", ratio, bound.startswith(">=")
        self.cells = [job, ours, theirs, f"{ratio:.2f}x", least_ratio, bound, "PASS" if holds else "FAIL"]
        self.holds = holds


def milliseconds(name, seconds):
    return f"{name} {seconds.median * 1e3:.2f} ms (min {seconds.least * 1e3:.2f})"


def at_most(bound, job, ours, theirs, our_time, their_time):
    """Claims that a process takes at most `bound` of the peer's wall time."""
    ratio = our_time.median / their_time.median
    least = f"{our_time.least / their_time.least:.2f}x"
    cells = milliseconds(ours, our_time), milliseconds(theirs, their_time)
    return Claim(job, *cells, ratio, least, f"<= {bound:.2f}x time", ratio <= bound)


def inspect(made, tools, patience, count):
    path = str(made.leaf)
    commands = {
        "certkit inspect": [tools.certkit, "inspect", path],
        "certtool -i": ["certtool", "-i", "--infile", path],
        "openssl x509 -text": ["openssl", "x509", "-noout", "-text", "-in", path],
    }
    taken = rounds.processes(commands, count or 201, patience, says=inputs.LEAF_NAME)
    ours = "certkit inspect"
    return [
        at_most(bound, "inspect one file", ours, theirs, taken[ours], taken[theirs])
        for theirs, bound in (("certtool -i", 0.5), ("openssl x509 -text", 0.4))
    ]


def fetch(made, tools, patience, count):
    with inputs.Server(made) as server:
        commands = {
            "certkit fetch": [tools.certkit, "fetch", f"tls://{server.address}"],
            "openssl s_client -showcerts": ["openssl", "s_client", "-connect", server.address, "-showcerts"],
        }
        taken = rounds.processes(commands, count or 101, patience, says="-----END CERTIFICATE-----")
    ours, theirs = commands
    return [at_most(0.6, "fetch one endpoint", ours, theirs, taken[ours], taken[theirs])]


def parse(made, tools, patience, count):
    many, few = made.corpus(tools.corpus, 100_000), made.corpus(tools.corpus, 10_000)
    ours, theirs, less = "certkit", "x509-parser", "certkit, 10,000"
    commands = {
        ours: [tools.decode, "certkit", many],
        theirs: [tools.decode, "x509-parser", many],
        less: [tools.decode, "certkit", few],
    }
    told = rounds.reports(commands, count or 11, patience)
    if told[ours]["tally"] != told[theirs]["tally"]:
        raise rounds.NotMeasured("certkit and x509-parser did not read the same fields")
    time = {name: told[name]["wall_s"] for name in (ours, theirs)}
    memory = {name: told[name]["max_rss_kb"] for name in (ours, less)}
    speed = time[theirs].median / time[ours].median
    growth = memory[ours].median / memory[less].median
    cells = [milliseconds(name, time[name]) for name in (ours, theirs)]
    sizes = [f"{name} {memory[name].median / 1024:.2f} MiB" for name in (ours, less)]
    fastest = f"{time[theirs].least / time[ours].least:.2f}x"
    least = f"{memory[ours].least / memory[less].least:.2f}x"
    return [
        Claim("decode 100,000 certificates", *cells, speed, fastest, ">= 1.00x speed", speed >= 1.0),
        Claim("peak memory, 100,000 to 10,000", *sizes, growth, least, "<= 1.20x memory", growth <= 1.2),
    ]


def generate(made, tools, patience, count):
    claims = []
    for bits in (2048, 4096):
        commands, says = making.generate_commands(str(made.folder), tools.certkit, bits)
        taken = rounds.processes(commands, count or 30, patience, says)
        ours, *others = commands
        bounds = dict(zip(others, (1.1, 0.5)))
        claims += [
            at_most(bound, f"key and certificate, RSA {bits}", ours, theirs, taken[ours], taken[theirs])
            for theirs, bound in bounds.items()
        ]
    return claims


def sign(made, tools, patience, count):
    commands, says = making.sign_commands(str(made.folder), tools.certkit)
    taken = rounds.processes(commands, count or 5, patience, says)
    ours, theirs = commands
    return [at_most(0.2, f"{making.MANY} P-256 leaves", ours, theirs, taken[ours], taken[theirs])]


def paths(made, tools, patience, count):
    """Everything in one process; seconds are those of the processor, so that other work on the machine counts less."""
    patience.wait()
    told = rounds.said([tools.paths, str(count or 11)])
    claims = []
    singles = [("ecdsa", "single P-256 chains"), ("rsa", "single RSA 2048 chains")]
    for name, job, bound in [(*single, 0.95) for single in singles] + [("batch", "chains that share issuers", 2.3)]:
        ours, theirs = (rounds.Samples(told[name][whose]) for whose in ("ours", "theirs"))
        per_second = told["validated"][name]
        cells = [f"{who} {per_second / taken.median:,.0f}/s" for who, taken in (("certkit", ours), ("webpki", theirs))]
        speed, fastest = theirs.median / ours.median, theirs.least / ours.least
        claims.append(Claim(job, *cells, speed, f"{fastest:.2f}x", f">= {bound:.2f}x speed", speed >= bound))
    shares = rounds.Samples(told["shares"])
    cells = ["certkit, two threads", "certkit, one"]
    claims.append(
        Claim("both processors", *cells, shares.median, f"{shares.least:.2f}x", ">= 1.70x speed", shares.median >= 1.7)
    )
    return claims


def trust_list(made, tools, patience, count):
    commands, says = trust.list_commands(tools.certkit)
    taken = rounds.processes(commands, count or 21, patience, says)
    ours, theirs = commands
    return [at_most(0.1, "list Java's cacerts", ours, theirs, taken[ours], taken[theirs])]


def trust_add(made, tools, patience, count):
    claims = []
    for kind in ("jks", "p12"):
        ours, theirs = trust.add(str(made.folder), tools.certkit, kind, patience, count or 3)
        peer = f"keytool -importcert, {trust.SOME} of them scaled"
        claims.append(at_most(0.02, f"add {trust.MANY} certificates to .{kind}", "certkit trust add", peer, ours, theirs))
    return claims


def trust_audit(made, tools, patience, count):
    place = trust.many_files(str(made.folder), made.corpus(tools.corpus, 100_000), 100_000)
    ours, theirs, peak = trust.audit(str(made.folder), tools.certkit, place, patience, count or 7)
    speed, fastest = theirs.median / ours.median, f"{theirs.least / ours.least:.2f}x"
    cells = milliseconds("certkit trust audit", ours), milliseconds("Go, parsing alone", theirs)
    memory = f"certkit {peak / 1024:.0f} MiB", "300 MB"
    share = peak * 1024 / 300e6
    return [
        Claim("audit 100,000 files", *cells, speed, fastest, ">= 1.50x speed", speed >= 1.5),
        Claim("peak memory of that", *memory, share, f"{share:.2f}x", "< 1.00x", share < 1),
    ]


def at_least(bound, job, ours, theirs, our_time, their_time):
    """Claims that a process is at least `bound` times as fast as the peer."""
    speed = their_time.median / our_time.median
    least = f"{their_time.least / our_time.least:.2f}x"
    cells = milliseconds(ours, our_time), milliseconds(theirs, their_time)
    return Claim(job, *cells, speed, least, f">= {bound:.2f}x speed", speed >= bound)


def below(bound, job, ours, peak_kb):
    """Claims that a process holds less than `bound` MiB."""
    peak = peak_kb / 1024
    return Claim(job, f"{ours} {peak:.1f} MiB", "itself", peak / bound, "", f"< {bound} MiB", peak < bound)


def expiry_files(made, tools, patience, count):
    taken, peak_kb, linear = expiry.files(made, tools, patience, count)
    ours, theirs = taken
    claims = [
        at_least(2.5, f"{expiry.FILES:,} files", ours, theirs, taken[ours], taken[theirs]),
        below(60, f"peak memory, {expiry.FILES:,} files", ours, peak_kb),
    ]
    less, more = linear
    ratio = linear[more].median / linear[less].median
    least = f"{linear[more].least / linear[less].least:.2f}x"
    cells = milliseconds(more, linear[more]), milliseconds(less, linear[less])
    claims.append(Claim("a bundle ten times as long", *cells, ratio, least, "<= 11x time", ratio <= 11))
    return claims


def expiry_fleet(made, tools, patience, count):
    taken, peaks_kb, with_dead = expiry.fleet(made, tools, patience, count)
    claims = []
    for concurrency, pair in taken.items():
        ours, theirs = pair
        job = f"{expiry.ENDPOINTS:,} endpoints, {concurrency} at the same time"
        claims.append(at_least(2.0, job, ours, theirs, pair[ours], pair[theirs]))
        claims.append(below(60, f"peak memory, {concurrency} at the same time", ours, peaks_kb[concurrency]))
    ours, alive = with_dead
    # The dead ones take their whole time, once, beside the others.
    extra = with_dead[ours].median - with_dead[alive].median
    bound = expiry.PATIENCE + 1.0
    cells = milliseconds(ours, with_dead[ours]), milliseconds(alive, with_dead[alive])
    job = f"one dead in ten, {expiry.PATIENCE} s for each"
    claims.append(Claim(job, *cells, extra / expiry.PATIENCE, "", f"<= {bound} s more", extra <= bound))
    return claims


def counted(made, tools, patience, count):
    """Instructions beside those that are kept, each of them at most a twentieth more."""
    before, now = kept.read()["instructions"], counts.measured(tools.counted)
    if tools.keeps:
        kept.write(instructions=now)
        before = now
    claims = []
    for name, millions in now.items():
        ratio = millions / before[name] if name in before else float("inf")
        cells = f"{millions} million instructions", f"kept {before.get(name, 'nothing')}"
        claims.append(Claim(name, *cells, ratio, "", f"<= {kept.MOST:.2f}x", ratio <= kept.MOST))
    return claims


JOBS = {
    "counts": counted,
    "inspect": inspect,
    "fetch": fetch,
    "parse": parse,
    "generate": generate,
    "sign": sign,
    "trust-list": trust_list,
    "trust-add": trust_add,
    "trust-audit": trust_audit,
    "expiry-files": expiry_files,
    "expiry-fleet": expiry_fleet,
    "paths": paths,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--certkit", required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--wait", type=float, default=30)
    parser.add_argument("jobs", nargs="+", choices=JOBS)
    wanted = parser.parse_args()
    try:
        made = inputs.Made(wanted.target)
        tools = inputs.Tools(wanted, made)
        claims = []
        for job in wanted.jobs:
            claims += JOBS[job](made, tools, rounds.Patience(wanted.wait), wanted.rounds)
    except (rounds.NotMeasured, OSError) as error:
        print(f"scripts/bench: {error}", file=sys.stderr)
        return 3
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; medians, minima in parentheses\n")
    print("| job | certkit | beside | ratio | of minima | claim | |")
    print("|---|---|---|---|---|---|---|")
    for claim in claims:
        print(f"| {' | '.join(claim.cells)} |")
    timed = [claim for claim in claims if not claim.cells[1].endswith("instructions")]
    if wanted.keep:
        kept.write(ratios={claim.job: round(claim.ratio, 3) for claim in timed})
    lost = list(kept.lost(timed)) if wanted.check else []
    for line in lost:
        print(f"lost: {line}")
    return 0 if all(claim.holds for claim in claims) and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
