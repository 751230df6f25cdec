"""Reads a calendar with icalendar and holds it against the certificates: calendar_reader.py CALENDAR FOLDER."""

import datetime
import pathlib
import subprocess
import sys

import icalendar

calendar = icalendar.Calendar.from_ical(pathlib.Path(sys.argv[1]).read_bytes())
assert calendar["VERSION"] == "2.0" and calendar["PRODID"], calendar
events = calendar.walk("VEVENT")
ends = set()
for file in pathlib.Path(sys.argv[2]).glob("*.pem"):
    command = ["openssl", "x509", "-noout", "-enddate", "-dateopt", "iso_8601", "-in", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ends.add(datetime.datetime.fromisoformat(said.split("=")[1].strip().replace("Z", "+00:00")))
assert {event.decoded("DTSTART") for event in events} == ends, (events, ends)
assert len({str(event["UID"]) for event in events}) == len(events), "one UID for two events"
for event in events:
    assert not event.errors, event.errors
    assert "SHA-256" in event["DESCRIPTION"] and event["SUMMARY"], event
    for alarm in event.walk("VALARM"):
        assert alarm["ACTION"] == "DISPLAY" and alarm.decoded("TRIGGER") < datetime.timedelta(0), alarm
assert any(event.walk("VALARM") for event in events), "no alarms"
soon = [event for event in events if "soon.plant.test" in event["SUMMARY"]]
# The first alarm is past already.
assert [alarm.decoded("TRIGGER").days for alarm in soon[0].walk("VALARM")] == [-7], soon
