"""Reads the answer of a monitoring plugin as the guidelines of Monitoring Plugins have it.

plugin.py FILE STATUS WORD LABEL: the answer, the exit status, the word it should say, a label it should have.
"""

import re
import sys

STATUS = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
NUMBER = r"-?\d+(?:\.\d+)?"
RANGE = rf"@?(?:(?:~|{NUMBER})?:)?(?:{NUMBER})?"
DATUM = re.compile(
    rf"(?P<label>'(?:[^'=]|'')+'|[^'= ]+)=(?P<value>U|{NUMBER})(?P<unit>[a-zA-Z%]*)"
    rf"(?:;(?P<warn>{RANGE})(?:;(?P<critical>{RANGE})(?:;(?P<least>{NUMBER})?(?:;(?P<most>{NUMBER})?)?)?)?)?"
)


def alarms(value, written):
    """Says whether a value lies outside of a range, or inside of one with an @."""
    if not written:
        return False
    inside = written.startswith("@")
    start, _, end = written.lstrip("@").rpartition(":")
    if written.endswith(":"):
        start, end = written.lstrip("@")[:-1], ""
    low = float("-inf") if start == "~" else float(start or 0)
    high = float(end) if end else float("inf")
    return (low <= value <= high) == inside


def main():
    file, status, word, label = sys.argv[1:]
    text = open(file, encoding="utf-8").read()
    first, *more = text.splitlines()
    assert STATUS[int(status)] == word, f"status {status} is not {word}"
    words, bar, data = first.partition("|")
    assert bar and re.match(rf"[A-Z_]+ {word} - \S", words), first
    assert len(words) < 80, f"{len(words)} characters: {words}"
    assert all("|" not in line for line in more), "a second bar begins more performance data"
    at, found, worst = 0, {}, 0
    while at < len(data):
        datum = DATUM.match(data, at)
        assert datum, f"no performance data: {data[at:]!r}"
        at = datum.end()
        assert at == len(data) or data[at] == " ", f"not parted by a blank: {data[at:]!r}"
        at += 1
        found[datum["label"].strip("'")] = datum["value"]
        if datum["value"] != "U":
            value = float(datum["value"])
            worst = max(worst, 2 if alarms(value, datum["critical"]) else 1 if alarms(value, datum["warn"]) else 0)
    assert label in found, f"{label} is not in {sorted(found)}"
    assert len({name[:19] for name in found}) == len(found), "labels are the same in their first 19 characters"
    assert worst == int(status), f"the performance data alarm with {worst}, the status is {status}"


main()
