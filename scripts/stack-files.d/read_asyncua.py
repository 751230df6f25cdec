"""What asyncua reads of each variant.

usage: read_asyncua.py FOLDER    prints a line for each: `read`, `first` of two, `passed over`, or `breaks`: nothing of its
                            folder is read
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

from asyncua.crypto.truststore import TrustStore
from cryptography import x509

logging.disable()


async def said(place: Path, variant: dict) -> str:
    # Of an empty list of certificates it makes no store, so that there is another one.
    store = TrustStore([place / "certs", place.parent / "other"], [place / "crl"])
    is_certificate = variant["holds"] == "certificate"
    try:
        await (store.load_trust() if is_certificate else store.load_crl())
    except ValueError:
        return "breaks"
    if not is_certificate:
        serials = [revoked.serial_number for revoked in store._revoked_list]
        return "read" if variant["serial"] in serials else "passed over"
    first, second = (
        store.is_trusted(x509.load_der_x509_certificate(bytes.fromhex(variant[which]))) for which in ("der", "second")
    )
    if first and variant["form"].endswith("-two"):
        return "read" if second else "first"
    return "read" if first else "passed over"


async def main() -> None:
    root = Path(sys.argv[1])
    for number, variant in enumerate(json.loads((root / "variants.json").read_text())):
        print(await said(root / str(number), variant))


asyncio.run(main())
