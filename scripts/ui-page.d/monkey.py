"""A monkey that clicks and types."""

import random
import time

WORDS = ["", "127.0.0.1:1", "a" * 5000, "../../etc/passwd", "<b>x</b>", "\u202e\u0000", "-1", "--help", "urn:x:y", "BadCertificateUntrusted", "99999999999999999999", "' \" ; | & $(x)"]

# One move: a click on something that is visible, or words in a field. What ends the server or leaves the page is left alone.
MOVE = """([choice, word]) => {
  const open = document.querySelector("dialog[open]");
  const below = open ?? document;
  const all = [...below.querySelectorAll("button, a, input:not([type=file]), select, textarea, summary")].filter(it =>
    it.checkVisibility() && it.id !== "end" && !it.disabled && !(it.download));
  if (!all.length) return "nothing";
  const it = all[Math.floor(choice * all.length)];
  if (it.matches("input[type=radio], input[type=checkbox], button, a, summary")) { it.click(); return it.tagName; }
  if (it.matches("select")) it.selectedIndex = Math.floor(choice * it.length); else it.value = word;
  it.dispatchEvent(new Event("input", { bubbles: true }));
  it.dispatchEvent(new Event("change", { bubbles: true }));
  return it.tagName;
}"""


def play(page, ui, seconds, step, seed=20261129):
    choose = random.Random(seed)
    page.on("dialog", lambda dialog: dialog.dismiss())
    # There is nothing to see in print dialogs.
    page.evaluate("window.print = () => {}")
    moves, errors = 0, []
    page.on("pageerror", lambda error: errors.append(str(error)))
    until = time.monotonic() + seconds
    while time.monotonic() < until and ui.process.poll() is None:
        if choose.random() < 0.02:
            page.evaluate("task => { location.hash = task; }", choose.choice(["fetch", "check", "explain", "preflight", "expiry", "trust", "generate", "review", "", "nothing"]))
        page.evaluate(MOVE, [choose.random(), choose.choice(WORDS)])
        moves += 1
        if choose.random() < 0.1:
            page.keyboard.press(choose.choice(["Tab", "Escape", "Enter", "Space"]))
        time.sleep(0.01)
    print(f"# {moves} moves of the monkey")
    step("the server survives the monkey", ui.process.poll() is None)
    step("so does the page", not errors, errors[:5])
