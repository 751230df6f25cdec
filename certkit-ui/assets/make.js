// Elements, texts, and the talk with the server. Whatever comes from outside becomes a text node, never markup.
const texts = JSON.parse(document.getElementById("texts").textContent);
const say = (name, values = {}) => (texts[name] ?? name).replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

// What a terminal must not be sent hides from the eye here: it is shown as its number. Lines and tabs stay.
const hidden =
  /[\u{0}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{e000}-\u{f8ff}\u{fe00}-\u{fe0f}\u{feff}\u{ffa0}\u{fff0}-\u{fffb}\u{fffe}\u{ffff}\u{1d173}-\u{1d17a}\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{e0000}-\u{10ffff}]/gu;
const visible = (text) => String(text).replace(hidden, (it) => `\\u{${it.codePointAt(0).toString(16)}}`);

const make = (tag, properties = {}, ...children) => {
  const it = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) it.addEventListener(name.slice(2), value);
    else it.setAttribute(name, value === true ? "" : value);
  }
  const add = (child) => {
    if (Array.isArray(child)) child.forEach(add);
    else if (child instanceof Node) it.append(child);
    else if (child !== null && child !== undefined && child !== false && child !== "") it.append(visible(child));
  };
  children.forEach(add);
  return it;
};
const $ = (selector, below = document) => below.querySelector(selector);
const all = (selector, below = document) => [...below.querySelectorAll(selector)];
const mono = (text) => make("code", {}, text);
const button = (text, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, text);

// Says something to a screen reader, and for a moment on the button that did it.
const flash = (it, text) => {
  const before = it.textContent;
  it.textContent = text;
  setTimeout(() => {
    it.textContent = before;
  }, 1400);
};

const copyButton = (text, about) =>
  button(
    say("copy"),
    async (event) => {
      const it = event.currentTarget;
      try {
        await navigator.clipboard.writeText(text);
        flash(it, say("copied"));
      } catch {
        flash(it, say("not.copied"));
      }
    },
    { class: "copy", "aria-label": `${say("copy")}: ${visible(about ?? text)}` },
  );

const save = (name, content, kind) => {
  const url = URL.createObjectURL(new Blob([content], { type: kind }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

// A name for a file that every system takes.
const fileName = (text) =>
  String(text ?? "")
    .normalize("NFKD")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60) || "certificate";

const groups = (hex) => (hex ?? "").toUpperCase().match(/.{1,4}/g) ?? [];

// Runs a task, and tells what comes of it event by event. Whoever aborts the signal cancels it.
const runTask = async (task, files, passwords, signal, tell) => {
  const said = files.map(({ name, blob }) => ({ name, size: blob.size }));
  const asked = JSON.stringify({ task, files: said, passwords: passwords.filter(Boolean) });
  const body = new Blob([asked, "\n", ...files.map((it) => it.blob)], { type: "application/octet-stream" });
  const response = await fetch("run", { method: "POST", body, signal });
  if (!response.ok) throw new Error((await response.text()) || say("failed"));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const field = (name) =>
        part
          .split("\n")
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).replace(/^ /, ""));
      const [event] = field("event");
      if (event) tell(event, JSON.parse(field("data").join("\n")));
    }
  }
};
