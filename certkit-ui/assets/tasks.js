// Tasks: the page of each, and what happens when its button is pressed.

const value = (form, name) => form.elements[name]?.value.trim() ?? "";
const several = (text) => text.split(/[\s,;]+/).filter(Boolean);
const given = (form, name) => $(`[data-given="${name}"]`, form).given;
const one = (form, name) => given(form, name).all[0] ?? null;

// What is asked of the server, from the fields of a form.
const tasks = {
  fetch: (form) => ({
    task: "fetch",
    host: value(form, "host"),
    server_name: value(form, "server_name"),
    trust: given(form, "trust").all,
  }),
  check: (form) => ({
    task: "check",
    inputs: given(form, "inputs").all,
    profile: value(form, "profile"),
    host: value(form, "host"),
    application_uri: value(form, "application_uri"),
    trust: given(form, "trust").all,
  }),
  explain: (form) => ({ task: "explain", text: value(form, "text"), log: one(form, "log") }),
  preflight: (form) => ({
    task: "preflight",
    own: one(form, "own"),
    peer: one(form, "peer"),
    role: value(form, "role"),
    application_uri: value(form, "application_uri"),
  }),
  expiry: (form) => ({
    task: "expiry",
    inputs: given(form, "inputs").all,
    config: one(form, "config"),
    warn: value(form, "warn"),
    critical: value(form, "critical"),
  }),
  generate: (form) => ({
    task: "generate",
    kind: value(form, "kind"),
    name: value(form, "name"),
    subject: value(form, "subject"),
    folder: value(form, "folder"),
    issuer: one(form, "issuer"),
    issuer_key: one(form, "issuer_key"),
    accept: several(value(form, "accept")),
    application_uri: value(form, "application_uri"),
    dns: several(value(form, "dns")),
    ip: several(value(form, "ip")),
    days: value(form, "days"),
    key_type: value(form, "key_type"),
    password: form.elements.password.value,
    issuer_password: form.elements.issuer_password.value,
  }),
  review: (form) => ({
    task: "review",
    sources: given(form, "sources").all,
    servers: given(form, "sources").servers,
    user: value(form, "user"),
    password: form.elements.password.value,
    pin: value(form, "pin"),
    trust: given(form, "trust").all,
    data_dir: one(form, "data_dir"),
    config: one(form, "config"),
    follow: form.elements.follow.checked,
  }),
  trust: (form) => ({ task: "trust-list", store: one(form, "store") }),
};

// Files of several choosers may have the same name: the later one gets another.
const handedOver = (form) => {
  const known = new Set();
  const files = [];
  for (const it of all("[data-given]", form)
    .map((it) => it.given)
    .flatMap((it) => it.items)) {
    if (it.files?.length === 1 && it.given.dropped === it.files[0].name) {
      let name = it.files[0].name;
      for (let number = 2; known.has(name); number += 1)
        name = it.files[0].name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
      it.files = [{ ...it.files[0], name }];
      it.given = { dropped: name };
    }
    for (const file of it.files ?? []) {
      known.add(file.name);
      files.push(file);
    }
  }
  return files;
};
const passwordsOf = (form) => all("[data-given]", form).flatMap((it) => it.given.passwords);

// A file that could not be read without a password gets the field for it.
const askPasswords = (form, document) => {
  const told = [
    ...(document.unreadable ?? []),
    ...(document.findings ?? []).map((it) => `${it.source} ${it.message}`),
    ...(document.entries ?? []).map((it) => `${it.source} ${it.error?.message}`),
    [document.where, document.what, ...(document.because ?? [])].join(" "),
  ].filter((line) => /passw|locked|encrypted/i.test(line));
  const items = all("[data-given]", form).flatMap((it) => it.given.items);
  const named = (it) => it.given?.dropped ?? it.given?.place;
  items.filter((it) => named(it) && told.some((line) => line.includes(named(it)))).forEach((it) => it.ask());
};

const works = {};

// The report of a task as a page of its own: the same command line with another format.
const reportButton = (name, task, files, passwords) =>
  button(say("save.report"), async (event) => {
    const it = event.currentTarget;
    it.disabled = true;
    let html = null;
    try {
      await runTask({ ...task, form: "html" }, files, passwords, undefined, (event, told) => {
        if (event === "answer") html = told.document;
      });
    } catch {
      html = null;
    }
    it.disabled = false;
    if (html?.startsWith("<!")) save(`certkit-${name}.html`, html, "text/html");
    else flash(it, say("failed"));
  });

// A change of a store: said first, done when it is confirmed.
const change = async (work, form, task, files, more = []) => {
  const passwords = [...passwordsOf(form), ...more];
  const again = () => form.requestSubmit();
  const planned = await work.run({ ...task, confirmed: false }, files, passwords, (answer) =>
    work.show(answer, "trust"),
  );
  const back = button(say("trust.back"), again);
  if (planned?.outcome === "planned") {
    work.out.append(
      make(
        "div",
        { class: "confirm", role: "group", "aria-label": say("trust.ask") },
        make("p", {}, make("b", {}, say("trust.ask"))),
        button(
          say("trust.do"),
          () =>
            work.run({ ...task, confirmed: true }, files, passwords, (answer) => {
              work.show(answer, "trust");
              work.out.append(make("p", {}, button(say("trust.back"), again)));
            }),
          { class: "main" },
        ),
        " ",
        back,
      ),
    );
    $(".confirm button", work.out).focus();
  } else if (planned?.outcome === "refused" && task.task !== "trust-undo") {
    const errors = [...new Set(planned.findings.filter((it) => it.severity === "error").map((it) => it.id))];
    const reason = make("input", { name: "reason", autocomplete: "off" });
    work.out.append(
      make(
        "div",
        { class: "confirm" },
        make("p", {}, say("trust.accept", { ids: errors.join(", ") })),
        make("label", { class: "field" }, make("span", {}, say("trust.reason")), reason),
        button(say("trust.accept.do"), () => {
          if (reason.value.trim()) change(work, form, { ...task, accept: errors, reason: reason.value }, files, more);
          else reason.focus();
        }),
        " ",
        back,
      ),
    );
  } else {
    work.out.append(make("p", {}, back));
  }
};

const storeActs = (work, form, store, document) => {
  const isKept = !["system", "mozilla"].includes(document.kind);
  const move = (verb, it) =>
    button(
      say(`trust.verb.${verb}`),
      () => change(work, form, { task: "trust-move", store, verb, meant: [it.fingerprint_sha256] }, []),
      { class: "quiet" },
    );
  if (!isKept) return null;
  return (it) => [
    it.list === "rejected" ? move("approve", it) : null,
    document.kind === "opcua" && it.list === "trusted" ? move("reject", it) : null,
    it.list === "own" ? null : move("remove", it),
  ];
};

const openStore = (work, form) => {
  const task = tasks.trust(form);
  // The store that is shown, whatever is chosen later.
  const { store } = task;
  return work.run(task, [], passwordsOf(form), (answer) => {
    const document = JSON.parse(answer.document);
    const acts = document.schema === "certkit.trust-list/1" ? storeActs(work, form, store, document) : null;
    work.show(answer, "trust", acts);
    if (!acts) return askPasswords(form, document);
    const adds = make("div", {
      class: "given",
      "data-given": "added",
      "data-takes": "many drop place locked",
      "data-label": say("trust.add"),
    });
    new Given(adds);
    const add = make(
      "form",
      {
        class: "adds",
        onsubmit: (event) => {
          event.preventDefault();
          const files = handedOver(add);
          const task = { task: "trust-add", store, inputs: adds.given.all };
          change(work, form, task, files, adds.given.passwords);
        },
      },
      adds,
      make(
        "div",
        { class: "acts" },
        button(say("trust.add.do"), null, { type: "submit", class: "main" }),
        button(say("trust.undo"), () => change(work, form, { task: "trust-undo", store }, [])),
      ),
    );
    work.out.prepend(add);
  });
};

const start = (name, form) => {
  const work = works[name];
  all("[data-given]", form).forEach((it) => it.given.addTyped());
  if (name === "trust") return openStore(work, form);
  // Files first: they may get other names, which the task then says.
  const files = handedOver(form);
  const task = tasks[name](form);
  const passwords = passwordsOf(form);
  return work.run(task, files, passwords, (answer) => {
    askPasswords(form, work.show(answer, name));
    if (name === "expiry" || name === "review") {
      $(".tools", work.out).prepend(reportButton(name, task, files, passwords), " ");
    }
  });
};

// Which task is shown stands behind the # of the address.
const route = () => {
  const name = location.hash.slice(1);
  const section = document.getElementById(tasks[name] ? name : "home");
  all("main > section").forEach((it) => {
    it.hidden = it !== section;
  });
  document.title = tasks[name] ? `${$("h1", section).textContent} – certkit` : "certkit";
  scrollTo(0, 0);
  $("h1", section).focus({ preventScroll: true });
};

const gone = (text) => {
  const it = $("#gone");
  it.textContent = text;
  it.hidden = false;
  $("#end").disabled = true;
};

all("[data-given]").forEach((it) => new Given(it));
for (const name of Object.keys(tasks)) {
  const section = document.getElementById(name);
  section.prepend(make("p", { class: "back" }, make("a", { href: "#" }, `← ${say("back")}`)));
  works[name] = new Work(section);
  const form = $("form", section);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(name, form);
  });
}
all("[data-pick=folder]").forEach((it) =>
  it.addEventListener("click", async () => {
    const field = $("input", it.parentElement),
      place = await pick({ files: false, folders: true });
    const name = field.value.split("/").pop();
    if (place !== null) field.value = place ? `${place}/${name}` : name;
  }),
);
const kinds = all("#generate [name=kind]"),
  folder = $("#generate [name=folder]");
const nameFolder = () => {
  if (!folder.value || folder.value.startsWith("certkit-"))
    folder.value = `certkit-${kinds.find((it) => it.checked).value}`;
};
const kindChosen = () => {
  nameFolder();
  $("#https-rule").hidden = kinds.find((it) => it.checked).value !== "https";
};
kinds.forEach((it) => it.addEventListener("change", kindChosen));
kindChosen();

// What is dropped beside a chooser is not opened in place of the page: the first one that has nothing yet takes it.
for (const name of ["dragover", "drop"]) {
  addEventListener(name, async (event) => {
    event.preventDefault();
    if (name === "dragover" || !event.dataTransfer) return;
    const open = $("main > section:not([hidden])").id;
    if (open === "home") {
      const chooser = given($("#check form"), "inputs");
      const files = await droppedFiles(event.dataTransfer);
      if (files.length) {
        chooser.drop(files);
        location.hash = "check";
      }
      return;
    }
    const choosers = all("[data-given]", document.getElementById(open)).map((it) => it.given);
    const takers = choosers.filter((it) => it.takes.has("drop"));
    const chooser = takers.find((it) => !it.items.length) ?? takers[0] ?? choosers[0];
    chooser?.dropped(event.dataTransfer);
  });
}

// Paper has nothing to click on.
let opened = [];
addEventListener("beforeprint", () => {
  opened = all("main > section:not([hidden]) .answer details:not([open])");
  opened.forEach((it) => it.setAttribute("open", ""));
});
addEventListener("afterprint", () => opened.forEach((it) => it.removeAttribute("open")));

addEventListener("hashchange", route);
$("#end").addEventListener("click", async () => {
  try {
    await fetch("end", { method: "POST" });
  } catch {
    /* it has ended */
  }
  gone(say("ended"));
});
const life = new EventSource("alive");
life.addEventListener("ended", () => {
  life.close();
  gone(say("ended"));
});
life.onerror = () => {
  if (life.readyState === EventSource.CLOSED) gone(say("ended"));
};
let lost = 0;
setInterval(() => {
  lost = life.readyState === EventSource.OPEN ? 0 : lost + 1;
  if (lost > 3) gone(say("ended"));
}, 3000);
route();
