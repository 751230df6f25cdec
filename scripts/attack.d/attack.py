"""Runs the cases and prints what came of each: attack.py CERTKIT [WORD...]."""

import concurrent.futures
import sys
import time
import traceback

import budgets
import cases
import inputs
import interrupted
import memory
import names
import network
import output
import revocation
import stores
import vain
import vary
import verdicts
from sandbox import Failed, Sandbox

MODULES = [stores, revocation, verdicts, names, inputs, budgets, network, output, memory, interrupted, vary, vain]


def attempt(certkit, case):
    start = time.monotonic()
    box = Sandbox(certkit)
    fault = None
    try:
        case.run(box)
        box.hold_outside()
    except Failed as failed:
        fault = str(failed)
    except Exception:
        fault = "the case itself: " + traceback.format_exc(limit=-2).strip().replace("\n", " | ")
    finally:
        try:
            box.hold_outside()
        except Failed as failed:
            fault = f"{failed}; {fault}" if fault and str(failed) not in fault else str(failed)
        box.close()
    return case, fault, time.monotonic() - start


def main():
    certkit, *words = sys.argv[1:]
    chosen = [case for case in cases.ALL if not words or any(word in f"{case.topic}: {case.name}" for word in words)]
    failed = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case, fault, seconds in pool.map(lambda case: attempt(certkit, case), chosen):
            print(f"{'not ok' if fault else 'ok'} - {case.topic}: {case.name} ({seconds:.1f} s)", flush=True)
            if fault:
                print(f"    {case.sentence}\n    {fault}", flush=True)
                failed.append(case)
    topics = {}
    for case in chosen:
        count = topics.setdefault(case.topic, [0, 0])
        count[case in failed] += 1
    print()
    for topic, (passed, wrong) in topics.items():
        print(f"{topic:<14} {passed:>4} passed {wrong:>4} failed")
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
