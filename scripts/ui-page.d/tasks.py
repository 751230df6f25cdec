"""Every task of the page, by mouse and by keyboard."""

import json
import pathlib

from plant import PASSWORD

# Puts files onto an element as a drop does.
DROP = """([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, bytes] of files) transfer.items.add(new File([Uint8Array.from(atob(bytes), it => it.charCodeAt(0))], name));
  for (const type of ["dragover", "drop"]) document.querySelector(selector).dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def go(page, task):
    page.evaluate("task => { location.hash = task; }", task)
    page.wait_for_selector(f"#{task}:visible")


def submit(page, task):
    page.locator(f"#{task} > form button.main").click()
    page.locator(f"#{task} .answer > *").first.wait_for(timeout=60_000)


def answer(page, task):
    return page.locator(f"#{task} .answer")


def drop(page, selector, paths):
    import base64
    page.evaluate(DROP, [selector, [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]])


def choose(page, selector, *names):
    """Walks through the dialog of files to one, or takes the folder."""
    page.locator(selector).get_by_role("button", name="Open a file").click()
    dialog = page.locator("#files")
    for name in names:
        dialog.locator(".entries").get_by_role("button", name=name, exact=True).click()
    if dialog.is_visible():
        dialog.get_by_role("button", name="Take this folder").click()


def clear(page, task):
    everything = page.locator(f"#{task} > form").get_by_role("button", name="Remove all")
    if everything.first.is_visible():
        everything.first.click()
    one = page.locator(f"#{task} > form .items button[aria-label^=Remove]")
    while one.count():
        one.first.click()


def document_of(page, task):
    with page.expect_download() as download:
        answer(page, task).get_by_role("button", name="Save the document").click()
    return json.loads(pathlib.Path(download.value.path()).read_text())


def shot(page, screenshots, name, task=None):
    if screenshots:
        page.locator("header").scroll_into_view_if_needed()
        page.screenshot(path=pathlib.Path(screenshots) / f"{name}.png")


def use(page, plant, step, accessible, screenshots):
    if screenshots:
        page.evaluate("location.hash = ''")
        shot(page, screenshots, "home-light")
        page.emulate_media(color_scheme="dark")
        shot(page, screenshots, "home-dark")
        page.emulate_media(color_scheme="light")
    check(page, plant, step, accessible, screenshots)
    fetch(page, plant, step, accessible, screenshots)
    explain(page, step, accessible)
    preflight(page, plant, step, accessible)
    expiry(page, plant, step, accessible, screenshots)
    trust(page, plant, step, accessible, screenshots)
    generate(page, plant, step, accessible)
    review(page, plant, step, accessible)


def check(page, plant, step, accessible, screenshots):
    go(page, "check")
    page.set_input_files("#check input[type=file] >> nth=0", plant.home / "leaf.pem")
    submit(page, "check")
    step("the command line that would do the same is shown", "certkit check --json leaf.pem" in page.locator("#check .command").inner_text())
    printed = plant.run("check", "--json", "leaf.pem").stdout
    same = lambda it: {key: value for key, value in it.items() if key != "moment"}
    step("the document is that of the command", same(document_of(page, "check")) == same(json.loads(printed)))
    accessible("a checked file")
    shot(page, screenshots, "check-light")
    clear(page, "check")

    drop(page, "#check .given", sorted((plant.home / "many").iterdir()))
    step("200 files are dropped", page.locator("#check .items li").count() == 200, page.locator("#check .items li").count())
    submit(page, "check")
    step("and 200 are judged", answer(page, "check").locator(".certificate").count() >= 200, answer(page, "check").locator(".certificate").count())
    page.get_by_role("button", name="Stop certkit").focus()
    clear(page, "check")

    drop(page, "#check .given", [plant.home / "locked.p12"])
    field = page.locator("#check .items input[type=password]")
    step("a key store asks for its password", field.is_visible())
    field.fill("not this one")
    submit(page, "check")
    told = answer(page, "check").inner_text()
    step("a wrong password is said, and not repeated", "password" in told and "not this one" not in page.content().replace('value="not this one"', ""), told)
    field.fill(PASSWORD)
    submit(page, "check")
    told = answer(page, "check").inner_text()
    step("the right one opens it", "twx.plant.example" in told, told[:300])
    step("no key and no password is shown", "PRIVATE KEY" not in page.content() and PASSWORD not in page.locator("#check .work").inner_text())
    clear(page, "check")

    drop(page, "#check .given", sorted((plant.home / "hostile").iterdir()))
    submit(page, "check")
    told = answer(page, "check").inner_text()
    step("hostile names stay text", "taken" not in page.title() and "<img src=x" in told and page.locator("#check .answer img, #check .answer script").count() == 0)
    step("what turns or hides text is shown as its number", "good\\u{202e}gpj.exe" in told and "\u202e" not in told and "\x1b" not in told, told[:400])
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    step("a name without an end does not break the page", wide[0] <= wide[1], wide)
    accessible("hostile certificates")
    clear(page, "check")

    choose(page, "#check .given >> nth=0", "many", "plc5.pem")
    submit(page, "check")
    step("a file of this machine is checked where it lies", str(plant.home / "many" / "plc5.pem") in page.locator("#check .command").inner_text())
    clear(page, "check")
    choose(page, "#check .given >> nth=0")
    step("the folder of the page itself is taken", page.locator("#check .items .name").all_inner_texts() == [str(plant.home)], page.locator("#check .items").first.inner_text())
    clear(page, "check")
    page.locator("#check > form button.main").click()
    page.locator("#check .answer .verdict").wait_for()
    step("nothing to check is said", "no file is named" in answer(page, "check").inner_text(), answer(page, "check").inner_text())


def fetch(page, plant, step, accessible, screenshots):
    go(page, "fetch")
    page.locator("#fetch [name=host]").fill(f"127.0.0.1:{plant.server.port}")
    page.keyboard.press("Enter")
    answer(page, "fetch").locator(".taken").wait_for(timeout=30_000)
    told = answer(page, "fetch").inner_text()
    print_out = answer(page, "fetch").locator(".fingerprint").first.inner_text().replace(" ", "").replace("\n", "").lower()
    from cryptography.hazmat.primitives import hashes
    step("the fingerprint of the root can be read out", print_out == plant.root.fingerprint(hashes.SHA256()).hex(), print_out)
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('#fetch .fingerprint')).fontSize)")
    step("and is large", size >= 20, size)
    step("the settings stand in the words of Kepware", "Trust self-signed certificates" in told and "/Thingworx/WS" in told, told[:200])
    step("the chain is a tree", answer(page, "fetch").locator(".tree .tree .tree").count() == 1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save CA for Kepware").click()
    from plant import pem
    saved = pathlib.Path(download.value.path()).read_text().strip()
    step("the CA is saved for Kepware", download.value.suggested_filename.endswith(".cer") and saved == pem(plant.root).decode().strip(), download.value.suggested_filename)
    accessible("the CA for Kepware")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        shot(page, screenshots, f"fetch-{scheme}")
    page.emulate_media(media="print")
    step("what is for the screen is not printed", not page.locator("#fetch > form").is_visible() and page.locator("#fetch .taken").is_visible())
    page.emulate_media(media="screen", color_scheme="light")

    page.locator("#fetch [name=host]").fill(f"127.0.0.1:{plant.server.port}")
    page.locator("#fetch summary", has_text="More settings").click()
    choose(page, "#fetch [data-given=trust]", "hostile", "0.pem")
    submit(page, "fetch")
    step("a CA that is not the one to be trusted is not handed out", page.locator("#fetch .taken").count() == 0 and "anchor-not-named" in answer(page, "fetch").inner_text())
    clear(page, "fetch")
    page.locator("#fetch summary", has_text="More settings").click()
    page.locator("#fetch [name=host]").fill("127.0.0.1:1")
    submit(page, "fetch")
    told = answer(page, "fetch").inner_text()
    step("a dead host is said, with what to do", "127.0.0.1:1" in told and "Do:" in told, told)

    page.locator("#fetch [name=host]").fill(f"127.0.0.1:{plant.dead.port}")
    page.locator("#fetch > form button.main").click()
    page.locator("#fetch .progress:visible").wait_for()
    page.locator("#fetch .cancel").click()
    answer(page, "fetch").locator(".verdict").wait_for(timeout=3000)
    step("what hangs is cancelled", "Cancelled" in answer(page, "fetch").inner_text())
    page.locator("#fetch > form button.main").click()
    page.locator("#fetch .progress:visible").wait_for()
    page.reload()
    page.wait_for_selector("#fetch:visible")
    step("a reload in the middle leads back to the task", answer(page, "fetch").inner_text() == "")


def explain(page, step, accessible):
    go(page, "explain")
    for text, expected in (("PKIX path building failed", "Java"), ("BadCertificateUntrusted", "0x801a0000"), ("self-signed", "self-signed"), ("-2146762487", "Windows")):
        page.locator("#explain [name=text]").fill(text)
        submit(page, "explain")
        answer(page, "explain").locator(".certificate").first.wait_for()
        step(f"`{text}` is explained", expected in answer(page, "explain").inner_text(), answer(page, "explain").inner_text()[:200])
    accessible("an explanation")
    page.locator("#explain [name=text]").fill("no such thing anywhere")
    submit(page, "explain")
    step("what is not known is said", answer(page, "explain").locator(".verdict.critical").count() == 1, answer(page, "explain").inner_text()[:200])


def preflight(page, plant, step, accessible):
    go(page, "preflight")
    drop(page, "#preflight [data-given=own]", sorted((plant.home / "many").iterdir())[:2])
    told = page.locator("#preflight [data-given=own]").inner_text()
    step("of two files none is taken silently", "Only one file" in told and page.locator("#preflight .items li").count() == 0, told)
    choose(page, "#preflight [data-given=own]", "own-pki")
    drop(page, "#preflight [data-given=peer]", sorted((plant.home / "peer-pki" / "own" / "certs").iterdir()))
    submit(page, "preflight")
    step("what the two object to is shown", "BadCertificateUntrusted" in answer(page, "preflight").inner_text(), answer(page, "preflight").inner_text()[:300])
    accessible("a preflight")
    clear(page, "preflight")
    for side in ("own", "peer"):
        folder = plant.outside / side
        folder.mkdir()
        source = next((plant.home / f"{side}-pki" / "own" / "certs").iterdir())
        (folder / "application.der").write_bytes(source.read_bytes())
        drop(page, f"#preflight [data-given={side}]", [folder / "application.der"])
    submit(page, "preflight")
    step("two files of one name are told apart", "'application (2).der'" in page.locator("#preflight .command").inner_text() and page.locator("#preflight .certificate").count() == 2, page.locator("#preflight .command").inner_text())


def expiry(page, plant, step, accessible, screenshots):
    go(page, "expiry")
    drop(page, "#expiry [data-given=inputs]", sorted((plant.home / "many").iterdir())[:3])
    submit(page, "expiry")
    step("dropped files are looked at", document_of(page, "expiry")["summary"]["total"] == 3, answer(page, "expiry").inner_text()[:300])
    clear(page, "expiry")
    choose(page, "#expiry [data-given=inputs]", "many")
    page.locator("#expiry [data-given=inputs] .typed input").fill(f"127.0.0.1:{plant.server.port}, 127.0.0.1:1")
    submit(page, "expiry")
    bars = [int(text or 0) for text in page.locator("#expiry .timeline .count").all_inner_texts()]
    days = [it["seen"]["days_left"] for it in document_of(page, "expiry")["entries"] if it["seen"]]
    tall = page.evaluate("[...document.querySelectorAll('#expiry .timeline .part')].filter((it) => it.offsetWidth > 4 && it.offsetHeight > 2).length")
    step("and its bars are seen", tall > 1, tall)
    step("the timeline counts what ends when", sum(bars) == len(days) == 203 and bars[0] == len([it for it in days if it < 0]), bars)
    step("an endpoint without an answer is told as such", page.locator("#expiry td .state.unknown").count() == 1)
    accessible("a timeline")
    shot(page, screenshots, "expiry-light")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Save the report").click()
    text = pathlib.Path(download.value.path()).read_text()
    step("the report is saved", text.startswith("<!doctype html>") and "plc5.plant.example" in text, text[:100])


def trust(page, plant, step, accessible, screenshots):
    go(page, "trust")
    drop(page, "#trust [data-given=store]", [plant.home / "root.pem"])
    told = page.locator("#trust [data-given=store]").inner_text()
    step("a store that is dropped is told to be opened", "with the button" in told and page.locator("#trust .items li").count() == 0, told)
    choose(page, "#trust [data-given=store]", "own-pki")
    submit(page, "trust")
    rejected = plant.home / "own-pki"
    count = lambda folder: len([it for it in (rejected / folder).rglob("*.der")])
    step("a store is opened", answer(page, "trust").locator("h2", has_text="rejected").count() == 1, answer(page, "trust").inner_text()[:300])
    accessible("a store")
    shot(page, screenshots, "trust-light")
    page.get_by_role("button", name="Approve …").click()
    page.locator("#trust .confirm").wait_for()
    told = answer(page, "trust").inner_text()
    if "Accept and show" in told:
        page.locator("#trust [name=reason]").fill("ticket 4711")
        page.get_by_role("button", name="Accept and show the change").click()
        page.get_by_role("button", name="Make this change?").or_(page.locator("#trust .confirm .main")).first.wait_for()
        told = answer(page, "trust").inner_text()
    step("a change is shown before it is made", "Nothing is written yet" in told and count("trusted") == 0, told[:300])
    accessible("a change that is planned")
    page.locator("#trust .confirm .main").click()
    page.locator("#trust .verdict", has_text="The change is made").wait_for()
    step("and made when it is confirmed", count("trusted") == 1 and count("rejected") == 0, (count("trusted"), count("rejected")))
    page.get_by_role("button", name="Back to the store").click()
    page.get_by_role("button", name="Undo the last change …").click(timeout=60_000)
    page.locator("#trust .confirm .main").click()
    page.locator("#trust .verdict", has_text="The change is made").wait_for()
    step("and taken back", count("trusted") == 0 and count("rejected") == 1, (count("trusted"), count("rejected")))
    page.get_by_role("button", name="Back to the store").click()
    page.locator("#trust .adds").wait_for()
    drop(page, "#trust .adds .given", [plant.home / "root.pem"])
    page.get_by_role("button", name="Add …").click()
    page.locator("#trust .confirm, #trust .answer > p button").first.wait_for()
    step("adding goes through the gate", "--dry-run" in page.locator("#trust .command").inner_text(), page.locator("#trust .command").inner_text())


def generate(page, plant, step, accessible):
    go(page, "generate")
    page.locator("#generate [name=name]").fill("Line 3 Server")
    page.locator("#generate [name=password]").fill(PASSWORD)
    submit(page, "generate")
    told = answer(page, "generate").inner_text()
    step("a certificate is made", (plant.home / "certkit-opcua" / "own").is_dir() and "encrypted" in told, told[:300])
    step("its password stands nowhere", PASSWORD not in page.locator("#generate .work").inner_text())
    accessible("what was made")
    page.locator("#generate [name=kind][value=ca]").check()
    page.locator("#generate [name=folder]").fill("certkit-ca")
    submit(page, "generate")
    step("a CA is made", (plant.home / "certkit-ca" / "ca.pem").exists(), answer(page, "generate").inner_text()[:300])
    submit(page, "generate")
    step("what is there is kept", "Do:" in answer(page, "generate").inner_text(), answer(page, "generate").inner_text()[:300])
    page.locator("#generate [name=kind][value=https]").check()
    page.locator("#generate [name=folder]").fill("certkit-https")
    page.locator("#generate [name=name]").fill("plc7.plant.example")
    step("that a server needs a CA is said before", page.locator("#https-rule").is_visible())
    submit(page, "generate")
    told = answer(page, "generate").inner_text()
    step("a cure names the field that does it", "on this page: “Issued by this CA”" in told and "“Accept these findings" in told, told[:600])
    (plant.home / "ca-key").mkdir()
    (plant.home / "certkit-ca" / "ca-key.pem").rename(plant.home / "ca-key" / "key.pem")
    choose(page, "#generate [data-given=issuer]", "certkit-ca", "ca.pem")
    choose(page, "#generate [data-given=issuer_key]", "ca-key", "key.pem")
    page.locator("#generate [name=issuer_password]").fill(PASSWORD)
    submit(page, "generate")
    step("a CA and its key in another file make a server certificate", (plant.home / "certkit-https").is_dir(), answer(page, "generate").inner_text()[:600])
    clear(page, "generate")
    page.locator("#generate summary", has_text="More settings").click()
    page.locator("#generate [name=accept]").fill("self-signed")
    page.locator("#generate [name=folder]").fill("certkit-alone")
    submit(page, "generate")
    step("what is accepted is made", (plant.home / "certkit-alone").is_dir(), answer(page, "generate").inner_text()[:600])


def review(page, plant, step, accessible):
    go(page, "review")
    project = plant.home / "project.json"
    project.write_text(json.dumps({"project": {"servermain.PROJECT_TITLE": "line 3", "client_interfaces": [
        {"common.ALLTYPES_NAME": "opcdaserver", "opcdaserver.PROJECT_OPC_DA_2_ENABLED": True}], "channels": [
        {"common.ALLTYPES_NAME": "<img src=x onerror=document.title='taken'>", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "MQTT Client"}]}}))
    drop(page, "#review [data-given=sources]", [project])
    submit(page, "review")
    told = answer(page, "review").inner_text()
    step("a project is reviewed duty by duty", page.locator("#review .duty").count() > 10, told[:300])
    page.locator("#review .duty summary").first.click()
    step("its names stay text", "taken" not in page.title() and page.locator("#review .answer img").count() == 0)
    with page.expect_download(timeout=60_000) as download:
        answer(page, "review").get_by_role("button", name="Save the report").click()
    text = pathlib.Path(download.value.path()).read_text()
    step("the review is saved", text.startswith("<!doctype html>") and "Kepware" in text, text[:100])
    accessible("a review")


def real(page, named, step):
    """Tomcat in ThingWorx' place, and asyncua."""
    if "TOMCAT_PORT" in named:
        go(page, "fetch")
        page.locator("#fetch [name=host]").fill(f"localhost:{named['TOMCAT_PORT']}")
        submit(page, "fetch")
        step("Tomcat: the chain, and 404 for its path", "404" in answer(page, "fetch").inner_html(), answer(page, "fetch").inner_text()[:300])
    if "ASYNCUA_URL" in named:
        go(page, "preflight")
        clear(page, "preflight")
        choose(page, "#preflight [data-given=own]", "own-pki")
        page.locator("#preflight [data-given=peer] .typed input").fill(named["ASYNCUA_URL"])
        submit(page, "preflight")
        step("asyncua: what the client makes of it", page.locator("#preflight .certificate").count() >= 2, answer(page, "preflight").inner_text()[:300])
