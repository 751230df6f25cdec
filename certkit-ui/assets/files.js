// What a task is about: files that are dropped, files and folders of this machine, endpoints.

// Every file of what was dropped, folders included. Entries are asked for before anything is awaited: they are gone then.
const droppedFiles = async (transfer) => {
  const entries = [...transfer.items].map((it) => it.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((blob) => ({ name: blob.name, blob }));
  const found = [];
  const walk = async (entry, path) => {
    const name = path + entry.name;
    if (entry.isFile) {
      found.push({ name, blob: await new Promise((done, failed) => entry.file(done, failed)) });
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) break;
        for (const it of some) await walk(it, `${name}/`);
      }
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
};

// The dialog over the folder that the page may open. Gives the path of what was taken, or null.
const pick = (wanted, start = "") =>
  new Promise((done) => {
    const dialog = $("#files"),
      list = $(".entries", dialog),
      crumbs = $(".crumbs", dialog),
      trouble = $(".trouble", dialog);
    const take = $("[data-do=take]", dialog);
    let here = start;
    const end = (value) => {
      dialog.onclose = null;
      dialog.close();
      done(value);
    };
    const inside = (name) => (here ? `${here}/${name}` : name);
    const show = async (path) => {
      const response = await fetch(`folder?of=${encodeURIComponent(path)}`);
      trouble.textContent = response.ok ? "" : visible(await response.text());
      if (!response.ok) return;
      const listing = await response.json();
      here = listing.path;
      const parts = here ? here.split("/") : [];
      const crumb = (text, to) => button(text, () => show(to));
      crumbs.replaceChildren(
        crumb(document.body.dataset.folder, ""),
        ...parts.flatMap((part, at) => [" / ", crumb(part, parts.slice(0, at + 1).join("/"))]),
      );
      list.replaceChildren(
        ...listing.folders.map((name) =>
          make(
            "li",
            {},
            button(name, () => show(inside(name)), { class: "folder" }),
          ),
        ),
        ...(wanted.files
          ? listing.files.map((name) =>
              make(
                "li",
                {},
                button(name, () => end(inside(name)), { class: "file" }),
              ),
            )
          : []),
      );
      if (listing.is_cut) list.append(make("li", { class: "soft" }, say("files.cut")));
      if (!list.children.length) list.append(make("li", { class: "soft" }, say("files.empty")));
      take.hidden = !wanted.folders;
      $("button", crumbs).focus();
    };
    take.onclick = () => end(here);
    $("[data-do=close]", dialog).onclick = () => end(null);
    dialog.onclose = () => done(null);
    dialog.showModal();
    show(start);
  });

// One chooser: what it takes stands in the page.
class Given {
  constructor(it) {
    this.takes = new Set(it.dataset.takes.split(" "));
    this.it = it;
    this.name = it.dataset.given;
    this.items = [];
    const id = `given-${Given.count++}`;
    this.list = make("ul", { class: "items" });
    const input = (folder) =>
      make("input", {
        type: "file",
        hidden: true,
        multiple: this.takes.has("many"),
        webkitdirectory: folder,
        tabindex: "-1",
        "aria-hidden": "true",
        onchange: (event) => {
          this.drop([...event.target.files].map((blob) => ({ name: blob.webkitRelativePath || blob.name, blob })));
          event.target.value = "";
        },
      });
    const acts = make("p", { class: "ways" });
    if (this.takes.has("drop")) {
      const files = input(false),
        folder = input(true);
      acts.append(
        button(say(this.takes.has("many") ? "choose.files" : "choose.one"), () => files.click()),
        files,
      );
      if (this.takes.has("many"))
        acts.append(
          button(say("choose.all"), () => folder.click()),
          folder,
        );
    }
    if (this.takes.has("place")) {
      const folders = this.takes.has("folder") || this.takes.has("many");
      this.opener = button(say(folders ? "choose.place" : "choose.file"), async () => {
        const place = await pick({ files: true, folders });
        if (place !== null) this.add({ given: { place }, shown: place || document.body.dataset.folder });
      });
      acts.append(this.opener);
    }
    if (this.takes.has("store")) {
      const offer = (store, shown) => acts.append(button(shown, () => this.add({ given: { store }, shown })));
      for (const store of ["system", "mozilla"]) offer(store, say(`store.${store}`));
      if ("windows" in document.body.dataset)
        for (const place of ["CurrentUser\\Root", "LocalMachine\\Root"]) offer(`windows:${place}`, place);
    }
    it.setAttribute("role", "group");
    it.setAttribute("aria-labelledby", id);
    this.none = button(
      say("remove.all"),
      () => {
        this.clear();
        it.querySelector("button").focus();
      },
      { class: "quiet", hidden: true },
    );
    it.append(make("p", { class: "label", id }, it.dataset.label), acts, this.list, this.none);
    if (this.takes.has("address") || this.takes.has("server")) this.typed(acts);
    this.trouble = make("p", { class: "trouble", role: "alert" });
    it.append(this.trouble);
    this.catches();
    it.given = this;
  }

  // A place to type endpoints.
  typed(acts) {
    const hint = this.takes.has("server") ? "kepware+https://kep7:57512" : "opc.tcp://plc7:49320";
    this.field = make("input", {
      autocomplete: "off",
      spellcheck: "false",
      placeholder: hint,
      "aria-label": say("address.of", { what: this.it.dataset.label }),
      onkeydown: (event) => {
        if (event.key === "Enter" && this.field.value.trim()) {
          event.preventDefault();
          this.addTyped();
        }
      },
    });
    acts.after(
      make(
        "p",
        { class: "typed" },
        this.field,
        button(say("add"), () => this.addTyped()),
      ),
    );
  }

  addTyped() {
    const text = this.field?.value.trim();
    if (!text) return;
    this.field.value = "";
    for (const address of text.split(/[\s,;]+/).filter(Boolean)) {
      this.add(this.takes.has("server") ? { server: address, shown: address } : { given: { address }, shown: address });
    }
  }

  catches() {
    if (this.takes.has("drop"))
      this.it.append(make("p", { class: "soft drop" }, say(this.takes.has("many") ? "drop.many" : "drop.one")));
    const over = (is) => (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.it.classList.toggle("over", is);
    };
    this.it.addEventListener("dragover", over(true));
    this.it.addEventListener("dragleave", over(false));
    this.it.addEventListener("drop", async (event) => {
      over(false)(event);
      this.dropped(event.dataTransfer);
    });
  }

  // What is dropped is taken whole, or not at all.
  async dropped(transfer) {
    const files = await droppedFiles(transfer);
    const isFolder = files.some((it) => it.name.includes("/"));
    const isOne = !this.takes.has("many");
    if (!this.takes.has("drop") || (isOne && isFolder)) {
      this.trouble.textContent = say("drop.place", { button: this.opener.textContent });
    } else if (isOne && files.length > 1) {
      this.trouble.textContent = say("drop.single");
    } else if (files.length) this.drop(files);
  }

  // Files that came from outside; those of one folder are one item.
  drop(files) {
    const folders = new Map();
    const isMany = this.takes.has("many");
    // What has a colon would be taken for an endpoint.
    const named = files.map((it) => ({ ...it, name: (isMany ? it.name : it.name.split("/").pop()).replaceAll(":", "_") }));
    for (const it of named) {
      const [top, ...below] = it.name.split("/");
      if (!below.length) this.add({ given: { dropped: it.name }, shown: it.name, files: [it] });
      else folders.set(top, [...(folders.get(top) ?? []), it]);
    }
    for (const [top, below] of folders)
      this.add({
        given: { dropped: top },
        shown: `${top}/  ${say("files.count", { count: below.length })}`,
        files: below,
      });
  }

  add(item) {
    this.trouble.textContent = "";
    if (!this.takes.has("many")) this.clear();
    // What is named again takes the place of the first; files that were dropped may only be called the same.
    const same = !item.files && this.items.find(
      (other) => JSON.stringify([other.given, other.server]) === JSON.stringify([item.given, item.server]),
    );
    if (same) this.remove(same);
    const locked = /\.(p12|pfx|jks|jceks|keystore|truststore)$/i.test(item.shown);
    item.password = make("input", {
      type: "password",
      autocomplete: "off",
      placeholder: say("password"),
      "aria-label": say("password.of", { name: item.shown }),
      hidden: !locked,
    });
    const asks = button(
      say("password"),
      () => {
        item.ask();
        item.password.focus();
      },
      { class: "quiet", "aria-label": say("password.of", { name: item.shown }) },
    );
    item.ask = () => {
      item.password.hidden = false;
      asks.remove();
    };
    item.row = make(
      "li",
      {},
      make("span", { class: "name" }, item.shown),
      !this.takes.has("locked") || item.given?.address || item.given?.store
        ? null
        : [
            item.password,
            locked ? null : asks,
          ],
      button(
        "×",
        () => {
          this.remove(item);
          this.it.querySelector("button").focus();
        },
        { class: "quiet", "aria-label": say("remove", { name: item.shown }) },
      ),
    );
    this.items.push(item);
    this.list.append(item.row);
    this.none.hidden = this.items.length < 3;
    this.it.dispatchEvent(new Event("change", { bubbles: true }));
  }

  remove(item) {
    item.row.remove();
    this.items = this.items.filter((other) => other !== item);
    this.none.hidden = this.items.length < 3;
  }

  clear() {
    [...this.items].forEach((it) => this.remove(it));
  }

  get all() {
    return this.items.filter((it) => it.given).map((it) => it.given);
  }
  get servers() {
    return this.items.filter((it) => it.server).map((it) => it.server);
  }
  get passwords() {
    return this.items.map((it) => it.password.value);
  }
}
Given.count = 0;
