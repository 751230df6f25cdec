"""Opens the report of a run in Chromium and uses it as people do: look.py CERTKIT CHROMIUM FOLDER [SCREENSHOTS]."""

import json
import pathlib
import re
import subprocess
import sys
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import sync_playwright

MOMENT = "2026-06-01T06:00:00Z"
HOSTILE = "<script>document.title='taken'</script><b>plc7</b>"
# Common name, first day, last day.
CERTIFICATES = [
    ("press7.plant.example", "2025-01-01", "2026-05-20"),
    ("twx.plant.example", "2025-06-04", "2026-06-04"),
    ("historian.plant.example", "2025-06-20", "2026-06-20"),
    ("kepware.plant.example", "2026-01-01", "2027-01-01"),
    ("broker.plant.example", "2026-02-10", "2027-03-10"),
    ("scada.plant.example", "2026-03-01", "2026-11-15"),
    (HOSTILE, "2026-03-01", "2028-03-01"),
]

failures = 0
passes = 0


def step(says, holds, seen=""):
    """Says of one step whether it holds."""
    global failures, passes
    if holds:
        passes += 1
        print(f"ok - {says}")
    else:
        failures += 1
        print(f"not ok - {says}: {seen}")


def make(folder):
    """A folder of certificates, and one file that should be one and is not."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    for common_name, first, last in CERTIFICATES:
        name = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Plant"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ])
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(datetime.fromisoformat(first)).not_valid_after(datetime.fromisoformat(last))
        certificate = builder.sign(key, hashes.SHA256())
        (folder / (f"{common_name}.pem" if common_name != HOSTILE else "plc7.pem")).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "cut.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")


def luminance(colour):
    """The relative luminance of `rgb(r, g, b)`, WCAG 2.2."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast of two colours, 1 to 21, WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def visible(page):
    return page.locator("#table tbody tr:visible")


def look(page, url, report, asked):
    entries, summary = report["entries"], report["summary"]
    page.goto(url)
    step("nothing but the page itself is asked for", asked == [url], asked)
    step("a hostile name stays text", "taken" not in page.title() and page.get_by_text(HOSTILE).count() > 0, page.title())
    step("every entry is in the table", visible(page).count() == len(entries), visible(page).count())
    told = {it.get_attribute("data-only"): int(it.locator("b").inner_text()) for it in page.locator("[data-only]").all()}
    step("the summary counts what the JSON counts", all(summary[word] == count for word, count in told.items()), told)
    bars = [int(text or 0) for text in page.locator(".timeline .count").all_inner_texts()]
    dated = [it for it in entries if it["seen"]]
    step("the timeline counts every end once", sum(bars) == len(dated) and bars[0] == summary["expired"], bars)

    # By keyboard alone.
    page.locator("body").press("Tab")
    first = page.evaluate("document.activeElement.dataset.only")
    page.keyboard.press("Enter")
    states = set(page.locator("#table tbody tr:visible").evaluate_all("rows => rows.map(row => row.dataset.state)"))
    step("a number of the summary shows its entries alone", states == {first}, states)
    step("how many are shown is told", page.locator("#shown").inner_text() == f"{told[first]} of {len(entries)} entries")
    page.keyboard.press("Enter")
    step("and all of them again", visible(page).count() == len(entries))
    page.locator("#words").focus()
    page.keyboard.type("PLANT scada")
    step("words filter the table", visible(page).count() == 1, visible(page).count())
    page.keyboard.press("Escape")
    step("Escape ends the filter", visible(page).count() == len(entries))

    page.get_by_role("button", name="Days left").focus()
    page.keyboard.press("Enter")
    days = lambda: page.locator("#table tbody tr td:nth-child(2)").evaluate_all("cells => cells.map(it => it.dataset.key)")
    known = lambda: [int(it) for it in days() if it]
    step("days are sorted as numbers", known() == sorted(known()) and len(set(known())) > 2, days())
    step("what is not known stands at the end", days()[-1] == "", days())
    page.keyboard.press("Enter")
    step("and the other way round", known() == sorted(known(), reverse=True) and days()[-1] == "", days())
    heading = page.locator("th", has=page.get_by_role("button", name="Days left"))
    step("the order is told to screen readers", heading.get_attribute("aria-sort") == "descending")

    summary = page.locator("#table summary", has_text="kepware")
    summary.focus()
    page.keyboard.press("Enter")
    details = page.locator("#table details[open]").inner_text()
    fingerprints = [it["seen"]["fingerprint_sha256"] for it in dated if "kepware" in it["seen"]["subject_dn"]]
    step("an entry opens and tells its fingerprint", fingerprints and fingerprints[0] in details, details)
    page.keyboard.press("Enter")

    colours = """() => [...document.querySelectorAll('.state, .soft, body, thead button, .tally button')].map(it => {
        let under = it, back;
        do { back = getComputedStyle(under).backgroundColor; under = under.parentElement; }
        while (under && /, 0\\)$/.test(back));
        return [getComputedStyle(it).color, back, it.className];
    })"""
    papers = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(colours)
        papers[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        worst = min(found, key=lambda it: contrast(it[0], it[1]))
        step(f"every text stands out, {scheme}", contrast(worst[0], worst[1]) >= 4.5, (worst, contrast(worst[0], worst[1])))
    step("dark is dark", luminance(papers["dark"]) < 0.1 < 0.8 < luminance(papers["light"]), papers)
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    step("nothing runs out of the window", width[0] <= width[1], width)


def main(certkit, chromium, folder, screenshots=None):
    folder = pathlib.Path(folder)
    make(folder / "certificates")
    page_file, json_file = folder / "report.html", folder / "report.json"
    run = subprocess.run(
        [pathlib.Path(certkit).resolve(), "expiry", "certificates", "--at", MOMENT, "--format", "html", "-o", page_file, "--format",
         "json", "-o", json_file],
        capture_output=True, text=True, cwd=folder,
    )
    step("the report is written", run.returncode == 2 and page_file.exists(), (run.returncode, run.stderr))
    report = json.loads(json_file.read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1200, "height": 860}, color_scheme="light")
        page = context.new_page()
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        look(page, page_file.as_uri(), report, asked)
        step("the browser has no complaint", not complaints, complaints)
        page.goto(page_file.as_uri())
        pdf = page.pdf(format="A4", path=folder / "report.pdf")
        step("it prints", len(pdf) > 10_000, len(pdf))
        page.emulate_media(media="print")
        step("what is for the screen stays there", not page.locator("#words").is_visible())
        page.emulate_media(media="screen")
        if screenshots:
            for scheme in ("light", "dark"):
                page.emulate_media(media="screen", color_scheme=scheme)
                page.screenshot(path=pathlib.Path(screenshots) / f"report-{scheme}.png")
        bare = browser.new_context(java_script_enabled=False).new_page()
        bare.goto(page_file.as_uri())
        step("without scripts the table is whole", visible(bare).count() == len(report["entries"]))
        narrow = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
        narrow.goto(page_file.as_uri())
        width = narrow.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        step("it fits a telephone", width[0] <= width[1], width)
        browser.close()
    print(f"{passes} passed, {failures} failed")
    return 1 if failures else 0


sys.exit(main(*sys.argv[1:]))
