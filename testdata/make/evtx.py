#!/usr/bin/env python3
"""Makes testdata/evtx/system.evtx.gz: an event log of Windows in its own form, of two chunks, by [MS-EVEN6] section 2.2.12.

Run it where it lies; it writes the same bytes each time.
"""

import gzip
import struct
import zlib
from pathlib import Path

CHUNK, HEAD = 65536, 512
# Number, seconds after 2026-10-05T05:12:44Z, source, computer, data.
EVENTS = [
    (7036, 0, "Service Control Manager", {"param1": "Windows Update", "param2": "running"}),
    (36887, 1, "Schannel", {"AlertDesc": "48"}),
    (36887, 3600, "Schannel", {"AlertDesc": "48"}),
    (36870, 7200, "Schannel", {"Type": "server", "ErrorCode": "0x8009030D", "ErrorStatus": "10001"}),
]
BEGIN = (1791177164 + 11644473600) * 10**7


class Element:
    """Writes one event as binary XML; places count from the begin of the chunk."""

    def __init__(self, place):
        self.place, self.out = place, bytearray()

    def put(self, form, *values):
        self.out += struct.pack("<" + form, *values)

    def wide(self, text):
        self.out += text.encode("utf-16-le")

    def name(self, name):
        self.put("I", self.place + len(self.out) + 4)
        self.put("IHH", 0, 0, len(name))
        self.wide(name)
        self.put("H", 0)

    def text(self, text):
        self.put("BBH", 0x05, 0x01, len(text))
        self.wide(text)

    def element(self, name, attributes=None, inside=()):
        self.put("BI", 0x41 if attributes else 0x01, 0)
        self.name(name)
        if attributes:
            self.put("I", 0)
            for key, value in attributes.items():
                self.put("B", 0x06)
                self.name(key)
                self.text(value)
        self.put("B", 0x02)
        for one in inside:
            self.text(one) if isinstance(one, str) else self.element(*one)
        self.put("B", 0x04)


def event(place, number, seconds, source, data):
    xml = Element(place)
    xml.put("BBBB", 0x0F, 1, 1, 0)
    time = f"2026-10-05T{5 + (764 + seconds) // 3600:02}:{(764 + seconds) % 3600 // 60:02}:{(764 + seconds) % 60:02}.1234567Z"
    system = [
        ("Provider", {"Name": source}),
        ("EventID", None, [str(number)]),
        ("TimeCreated", {"SystemTime": time}),
        ("Computer", None, ["KEPSRV01"]),
    ]
    values = [("Data", {"Name": key}, [value]) for key, value in data.items()]
    space = {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}
    xml.element("Event", space, [("System", None, system), ("EventData", None, values)])
    xml.put("B", 0)
    return bytes(xml.out)


def chunk(first, events):
    body, last = bytearray(), HEAD
    for at, (number, seconds, source, data) in enumerate(events):
        last = HEAD + len(body)
        xml = event(last + 24, number, seconds, source, data)
        size = len(xml) + 28
        body += struct.pack("<4sIQQ", b"**\0\0", size, first + at, BEGIN + seconds * 10**7) + xml + struct.pack("<I", size)
    end = first + len(events) - 1
    head = struct.pack("<8sQQQQIIII", b"ElfChnk\0", first, end, first, end, 128, last, HEAD + len(body), zlib.crc32(body))
    head = head.ljust(120, b"\0")
    tables = bytes(HEAD - 128)
    head += struct.pack("<II", 0, zlib.crc32(head + tables)) + tables
    return (head + body).ljust(CHUNK, b"\0")


def main():
    chunks = chunk(1, EVENTS[:2]) + chunk(3, EVENTS[2:])
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 1, len(EVENTS) + 1, 128, 1, 3, 4096, 2).ljust(120, b"\0")
    head += struct.pack("<II", 0, zlib.crc32(head))
    file = head.ljust(4096, b"\0") + chunks
    target = Path(__file__).resolve().parent.parent / "evtx" / "system.evtx.gz"
    target.write_bytes(gzip.compress(file, 9, mtime=0))


main()
