"""Who must not get anything, and how the page ends."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

# What another page tries: all that a browser lets it try.
FOREIGN = """<!doctype html><title>evil</title><body><script>
const target = "TARGET";
(async () => {
  const told = {};
  const body = '{"task":{"task":"explain","text":"x"}}';
  const headers = { "Content-Type": "application/octet-stream" };
  for (const [name, what] of Object.entries({
    read: () => fetch(target, { credentials: "include" }).then(it => it.text()),
    run: () => fetch(target + "run", { method: "POST", body, headers, credentials: "include" }).then(it => it.text()),
    blind: () => fetch(target + "run", { method: "POST", body, mode: "no-cors", credentials: "include" }).then(it => "sent " + it.type),
    end: () => fetch(target + "end", { method: "POST", mode: "no-cors", credentials: "include" }).then(it => "sent " + it.type),
  })) { try { told[name] = await what(); } catch { told[name] = "refused"; } }
  const script = document.createElement("script"); script.src = target + "page.js";
  told.script = await new Promise(done => { script.onload = () => done("loaded"); script.onerror = () => done("refused"); document.body.append(script); });
  const frame = document.createElement("iframe"); frame.src = target; document.body.append(frame);
  await new Promise(done => setTimeout(done, 500));
  try { told.frame = frame.contentDocument ? "readable" : "refused"; } catch { told.frame = "refused"; }
  document.title = "told " + JSON.stringify(told);
})();
</script>"""


def foreign(target):
    """A page of another origin on this machine."""
    cookies = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            cookies.append(self.headers.get("Cookie"))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FOREIGN.replace("TARGET", target).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, cookies


def raw(ui, lines):
    host, port = ui.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as stream:
        stream.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while some := stream.recv(65536):
            answer += some
    return answer.decode(errors="replace")


def attack(playwright, chromium, browser, context, page, plant, ui, step):
    inside = page.url.split("#")[0]
    path = "/" + inside.split("/", 3)[3]
    cookie = context.cookies(inside)[0]
    step("no script sees the cookie", page.evaluate("document.cookie") == "" and cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie)

    server, cookies = foreign(inside)
    for host in ("127.0.0.1", "localhost"):
        other = context.new_page()
        other.goto(f"http://{host}:{server.server_port}/")
        other.wait_for_function("document.title.startsWith('told')")
        told = other.title()
        step(f"a page of another origin ({host}) gets nothing", "loaded" not in told and "readable" not in told and "event:" not in told and "<html" not in told, told)
        other.close()
    step("and never sees the cookie", cookies and not any("certkit" in (it or "") for it in cookies), cookies)
    step("nor ends the server", ui.process.poll() is None)
    server.shutdown()

    # The name of an attacker that points here.
    port = ui.origin.rsplit(":", 1)[1]
    rebound = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--host-resolver-rules=MAP rebound.example 127.0.0.1"])
    other = rebound.new_page()
    answer = other.goto(f"http://rebound.example:{port}{path}")
    step("a name that is bound to this machine is another host", answer.status == 403, answer.status)
    rebound.close()
    answer = raw(ui, [f"GET {path} HTTP/1.1", f"Host: rebound.example:{port}", f"Cookie: certkit={cookie['value']}", "Connection: close"])
    step("even with the cookie", answer.startswith("HTTP/1.1 403"), answer[:200])

    stranger = browser.new_context().new_page()
    step("a browser without the cookie gets nothing", stranger.goto(inside).status == 403)
    step("the link is used up", stranger.goto(ui.link).status == 403 and "used already" in stranger.content(), stranger.content())
    stranger.close()

    second = context.new_page()
    second.goto(inside + "#explain")
    for it, text in ((page, "BadCertificateUntrusted"), (second, "PKIX path building failed")):
        it.evaluate("location.hash = 'explain'")
        it.locator("#explain [name=text]").fill(text)
        it.locator("#explain > form button.main").click()
    for it in (page, second):
        it.locator("#explain .answer .certificate").first.wait_for()
    step("two tabs do not disturb each other", "BadCertificateUntrusted" in page.locator("#explain .answer").inner_text() and "PKIX" in second.locator("#explain .command").inner_text())
    second.close()

    answer = page.evaluate("fetch('folder?of=..%2Foutside').then(it => it.status)")
    step("nothing leads out of the folder", answer == 422, answer)
    answer = page.evaluate("""async () => { const body = '{"task":{"task":"check","inputs":[{"place":"../outside/key.pem"}]}}';
        const it = await fetch("run", { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } }); return [it.status, await it.text()]; }""")
    step("not by hand, either", answer[0] == 422 and "PRIVATE" not in answer[1], answer)


def end(page, ui, step):
    # The monkey may have left a dialog open.
    page.evaluate("location.hash = ''")
    page.reload()
    page.get_by_role("button", name="Stop certkit").click()
    page.locator("#gone:visible").wait_for()
    ui.process.wait(10)
    step("the button ends certkit", ui.process.returncode == 0, ui.process.returncode)
