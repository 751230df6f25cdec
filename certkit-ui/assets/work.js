// The place below a form where an answer is shown.
class Work {
  constructor(section) {
    this.line = make("p", { class: "line command", hidden: true });
    this.progress = make("p", { class: "progress", role: "status", hidden: true });
    // What a screen reader says when it is done; the answer itself may be long.
    this.said = make("p", { class: "said", role: "status" });
    this.out = make("div", { class: "answer" });
    section.append(make("div", { class: "work" }, this.line, this.progress, this.said, this.out));
  }

  // Runs a task; gives its document, or null where it has none to show.
  async run(task, files, passwords, show) {
    this.stop?.abort();
    const stop = (this.stop = new AbortController());
    const note = make("span", {}, say("working"));
    this.progress.replaceChildren(
      make("span", { class: "spin", "aria-hidden": "true" }),
      note,
      // What writes goes on to its end, whether somebody waits for it or not.
      ...(task.confirmed || task.task === "generate"
        ? []
        : [" ", button(say("cancel"), () => stop.abort(), { class: "cancel" })]),
    );
    this.progress.hidden = false;
    this.line.hidden = true;
    this.said.textContent = "";
    this.out.replaceChildren();
    this.out.setAttribute("aria-busy", "true");
    let answer = null,
      failure = null;
    try {
      await runTask(task, files, passwords, stop.signal, (event, told) => {
        if (event === "command") {
          this.line.replaceChildren(mono(told), copyButton(told, say("command")));
          this.line.hidden = false;
        }
        if (event === "progress") note.textContent = visible(told) || say("working");
        if (event === "answer") answer = told;
        if (event === "failed") failure = told;
      });
    } catch (error) {
      // What the network throws has words of the browser.
      failure = stop.signal.aborted ? say("cancelled") : error instanceof TypeError ? say("broken") : error.message;
    }
    if (this.stop !== stop) return null;
    this.stop = null;
    this.progress.hidden = true;
    this.out.removeAttribute("aria-busy");
    if (!answer) {
      this.out.replaceChildren(verdict(stop.signal.aborted ? "info" : "critical", failure ?? say("broken")));
      this.tell();
      return null;
    }
    const shown = show(answer);
    this.tell();
    return shown;
  }

  tell() {
    this.said.textContent = $(".verdict b, h2", this.out)?.textContent ?? "";
  }

  // Shows a document with what can be done with it.
  show(answer, task, acts) {
    const document = JSON.parse(answer.document);
    const known = documents[document.schema];
    const name = `${task}.json`;
    this.out.replaceChildren(
      make(
        "div",
        { class: "document" },
        known ? make("div", {}, known(document, answer.status, acts)) : make("pre", {}, answer.document),
      ),
      make(
        "p",
        { class: "tools" },
        button(say("save.document"), () => save(name, answer.document, "application/json")),
        " ",
        button(say("print"), () => print()),
        " ",
        make("span", { class: "soft" }, say("status", { status: answer.status })),
      ),
      answer.notes
        ? make("details", { class: "noted", open: document.because?.length === 0 }, make("summary", {}, say("noted")), make("pre", {}, answer.notes))
        : "",
    );
    return document;
  }
}
