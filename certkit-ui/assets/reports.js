// What ends when, what was made, what stands in a store, how a Kepware is deployed.

const tally = (names, summary, tones) =>
  make(
    "ul",
    { class: "tally" },
    names.map((name) =>
      make("li", { class: tones[name] ?? name }, make("b", {}, summary[name]), " ", say(`state.${name}`)),
    ),
  );

// How many entries end in which span: those that have ended, the next months, and what is later.
const timeline = (entries) => {
  const months = 12;
  const at = (entry) => {
    const days = entry.seen?.days_left;
    return days === null || days === undefined ? null : days < 0 ? 0 : Math.min(1 + Math.floor(days / 30), months + 1);
  };
  const buckets = Array.from({ length: months + 2 }, () => []);
  entries.forEach((entry) => {
    const bucket = at(entry);
    if (bucket !== null) buckets[bucket].push(entry);
  });
  const most = Math.max(1, ...buckets.map((it) => it.length));
  const order = ["expired", "critical", "warning", "unknown", "ok"];
  return make(
    "ol",
    { class: "timeline", "aria-label": say("timeline") },
    buckets.map((bucket, index) => {
      const bar = make(
        "div",
        { class: "bar", "aria-hidden": "true" },
        order.map((state) => {
          const number = bucket.filter((it) => it.state === state).length;
          if (!number) return null;
          const part = make("span", { class: `part ${state}` });
          part.style.height = `${(100 * number) / most}%`;
          return part;
        }),
      );
      const name =
        index === 0
          ? say("timeline.ended")
          : index === months + 1
            ? say("timeline.later")
            : say("timeline.days", { days: 30 * index });
      return make(
        "li",
        {},
        make("div", { class: "count" }, bucket.length || ""),
        bar,
        make("div", { class: "when" }, name),
      );
    }),
  );
};

/** The state of an entry, or that its alarm is set aside. */
const shown = (entry) => (entry.waived || entry.beside_path ? "waived" : entry.state);

documents["certkit.expiry/1"] = (it) => {
  const states = ["expired", "critical", "warning", "unknown", "ok", "waived"];
  const tone = it.state === "ok" ? "ok" : it.state;
  return [
    verdict(tone, say(`expiry.is.${it.state}`), say("expiry.total", { total: it.summary.total })),
    it.left_out ? make("p", { class: "state critical" }, say("expiry.left", { count: it.left_out })) : null,
    tally(states, it.summary, {}),
    make("h2", {}, say("timeline")),
    timeline(it.entries),
    make("h2", {}, say("entries")),
    table(
      [say("state"), say("days"), say("ends"), say("what"), say("where"), say("owner")],
      it.entries.map((entry) =>
        row(
          badge(shown(entry), say(`state.${shown(entry)}`)),
          make("td", { class: "number" }, entry.seen?.days_left ?? "?"),
          day(entry.seen?.not_after),
          [
            entry.seen ? dn(entry.seen.subject_dn) : (entry.error?.message ?? ""),
            entry.findings?.length ? findings(entry.findings) : null,
          ],
          mono([entry.source, entry.place].filter(Boolean).join(" ")),
          entry.owner ?? "",
        ),
      ),
    ),
    it.passed_over ? make("p", { class: "soft" }, say("expiry.passed", { count: it.passed_over })) : null,
    it.unproven ? make("p", { class: "soft" }, it.unproven) : null,
  ];
};

documents["certkit.generate/1"] = (it) => [
  verdictOf(it),
  it.written.length
    ? make(
        "section",
        {},
        make("h2", {}, say("written")),
        make(
          "ul",
          { class: "files" },
          it.written.map((file) =>
            make("li", {}, mono(file.path), " ", make("span", { class: "soft" }, say(`content.${file.content}`))),
          ),
        ),
      )
    : null,
  it.key ? make("p", {}, say(it.key.is_encrypted ? "generate.encrypted" : "generate.clear")) : null,
  it.made
    .map((index) => it.certificates[index])
    .filter(Boolean)
    .map((one) =>
      make(
        "section",
        { class: "taken" },
        make("p", { class: "who" }, dn(one.subject_dn)),
        fingerprint(one.fingerprint_sha256),
        fingerprint(one.fingerprint_sha1, "SHA-1"),
      ),
    ),
  notes(it.notes),
  judged(it),
];

const changes = (it) =>
  table(
    [say("what"), say("subject"), say("from"), say("to"), "SHA-256"],
    it.changes.map((one) =>
      row(
        say(`trust.${one.what}`),
        dn(one.subject_dn),
        one.from ? say(`list.${one.from}`) : "–",
        one.to ? say(`list.${one.to}`) : "–",
        make("code", { class: "small" }, one.fingerprint_sha256),
      ),
    ),
  );

documents["certkit.trust-change/1"] = (it) => [
  verdict(
    { made: "ok", planned: "info", nothing_to_do: "info", refused: "critical" }[it.outcome] ?? "unknown",
    say(`trust.${it.outcome}`),
    it.already_there ? say("trust.there", { count: it.already_there }) : null,
  ),
  make("p", { class: "soft" }, mono(it.store)),
  it.changes.length ? changes(it) : null,
  notes(it.notes),
  it.verdict ? judged(it) : null,
];

// `acts` gives the buttons of a row; the document alone has none.
documents["certkit.trust-list/1"] = (it, _status, acts) => {
  const lists = [...new Set(it.certificates.map((one) => one.list))];
  return [
    make("p", { class: "soft" }, say("trust.kind", { kind: it.kind }), " · ", mono(it.store)),
    it.unread.length ? make("section", {}, make("h2", {}, say("unreadable")), notes(it.unread)) : null,
    it.certificates.length ? null : verdict("info", say("trust.empty")),
    lists.map((list) => {
      const its = it.certificates.filter((one) => one.list === list);
      return make(
        "section",
        {},
        make("h2", {}, say(`list.${list}`), " ", make("span", { class: "soft" }, its.length)),
        table(
          [say("subject"), say("until"), say("days"), say("name"), ...(acts ? [say("acts")] : [])],
          its.map((one) =>
            row(
              [one.subject?.common_name ?? dn(one.subject_dn), details(one)],
              day(one.not_after),
              make("td", { class: "number" }, one.days_left ?? "?"),
              mono(one.name ?? (one.path ?? "").split(/[\\/]/).pop()),
              ...(acts ? [acts(one)] : []),
            ),
          ),
          { label: say(`list.${list}`) },
        ),
      );
    }),
    it.revocation_lists.length
      ? make(
          "section",
          {},
          make("h2", {}, say("trust.crls")),
          table(
            [say("issuer"), say("list"), say("next")],
            it.revocation_lists.map((one) => row(dn(one.issuer_dn), say(`list.${one.list}`), day(one.next_update))),
          ),
        )
      : null,
  ];
};

const dutyTone = {
  "not-met": "critical",
  partly: "warning",
  "to-confirm": "unknown",
  "not-visible": "info",
  met: "ok",
  "not-applicable": "info",
};

const duty = (it) =>
  make(
    "details",
    { class: "duty" },
    make(
      "summary",
      {},
      badge(dutyTone[it.state] ?? "unknown", say(`duty.${it.state}`)),
      " ",
      make("b", {}, it.section),
      " ",
      it.title,
      it.waiver ? [" ", make("span", { class: "soft" }, say("waived"))] : null,
    ),
    it.evidence.length
      ? make(
          "ul",
          { class: "notes" },
          it.evidence.map((one) => make("li", {}, one.source ? [mono(one.source), " "] : null, one.text)),
        )
      : null,
    it.findings.length ? findings(it.findings) : null,
    make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(it.remedy)),
    it.question ? make("p", {}, make("b", {}, say("duty.question")), " ", it.question) : null,
    it.visible_by ? make("p", { class: "soft" }, say("duty.visible"), " ", it.visible_by) : null,
    it.waiver ? make("p", { class: "soft" }, `${it.waiver.owner}: ${it.waiver.reason} (${it.waiver.until})`) : null,
    make("p", { class: "soft clauses" }, it.edition),
  );

documents["certkit.review/1"] = (it, status) => {
  const states = ["not-met", "partly", "to-confirm", "not-visible", "met", "not-applicable"];
  const summary = Object.fromEntries(states.map((state) => [state, it.summary[state.replaceAll("-", "_")]]));
  const worst = states.find((state) => summary[state]) ?? "met";
  return [
    // How heavy it is says the command, waivers and dead sources counted in.
    verdict({ 0: "ok", 1: "warning", 2: "critical" }[status] ?? "unknown", say(`review.${worst}`), say("review.duties", { count: it.duties.length })),
    make(
      "ul",
      { class: "tally" },
      states.map((state) =>
        make("li", { class: dutyTone[state] }, make("b", {}, summary[state]), " ", say(`duty.${state}`)),
      ),
    ),
    table(
      [say("source"), say("state"), say("product"), say("note")],
      it.sources.map((one) =>
        row(mono(one.name), say(`source.${one.state}`), one.product ?? "", [one.error ?? "", notes(one.hints)]),
      ),
    ),
    states.map((state) => {
      const its = it.duties.filter((one) => one.state === state);
      return its.length
        ? make(
            "section",
            {},
            make("h2", {}, say(`duty.${state}`), " ", make("span", { class: "soft" }, its.length)),
            its.map(duty),
          )
        : null;
    }),
    it.unused.length ? notes(it.unused) : null,
  ];
};
