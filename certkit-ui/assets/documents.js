// A way to show each document. What is shown is what stands in it.

const table = (heads, rows, properties = {}) =>
  make(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": properties.label ?? heads.join(", ") },
    make(
      "table",
      {},
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          heads.map((it) => make("th", { scope: "col" }, it)),
        ),
      ),
      make("tbody", {}, rows),
    ),
  );
const row = (...cells) =>
  make(
    "tr",
    {},
    cells.map((it) => (it instanceof HTMLTableCellElement ? it : make("td", {}, it))),
  );
const notes = (list) =>
  list?.length
    ? make(
        "ul",
        { class: "notes", lang: "en" },
        list.map((it) => make("li", {}, remedy(it))),
      )
    : null;

const documents = {};

documents["certkit.error/1"] = (it) => [
  verdict("critical", it.what, it.where && !it.what.includes(it.where) ? it.where : null),
  it.because.length
    ? make(
        "ul",
        { class: "notes" },
        it.because.map((why) => make("li", {}, `${say("because")} ${why}`)),
      )
    : null,
  it.hints.length
    ? make(
        "ul",
        { class: "notes" },
        it.hints.map((hint) => make("li", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(hint))),
      )
    : null,
];

documents["certkit.check/1"] = (it) => [
  verdictOf(it),
  it.unreadable.length ? make("section", {}, make("h2", {}, say("unreadable")), notes(it.unreadable)) : null,
  judged(it),
  it.sources.length
    ? make(
        "details",
        {},
        make("summary", {}, say("sources", { count: it.sources.length })),
        table(
          [say("file"), say("form"), say("certificates"), say("keys"), say("skipped")],
          it.sources.map((source) =>
            row(
              source.name,
              source.forms.join(", "),
              source.certificates,
              source.keys,
              [...source.skipped, source.integrity].filter(Boolean).join("; "),
            ),
          ),
        ),
      )
    : null,
  it.security_policies.length
    ? make(
        "details",
        {},
        make("summary", {}, say("policies")),
        facts(
          it.security_policies.map((policy) => [
            short(it.certificates[policy.certificate_index] ?? {}),
            policy.policies.join(", ") || "–",
          ]),
        ),
      )
    : null,
];

// The chain from its top down, each certificate with where it was found.
const tree = (it, path) => {
  const missing = it.chain.missing
    ? make("li", { class: "missing" }, make("b", {}, say("missing")), ` ${it.chain.missing.subject_dn}`)
    : null;
  let below = null;
  path.forEach((certificate, at) => {
    below = make(
      "ul",
      { class: "tree" },
      make(
        "li",
        {},
        make("b", {}, certificate.subject?.common_name ?? dn(certificate.subject_dn)),
        " ",
        make("span", { class: "soft" }, `${roleOf(certificate)} · ${certificate.origin ?? ""}`),
        make("br"),
        make("span", { class: "soft" }, say("until"), " "),
        day(certificate.not_after),
        " ",
        make("span", { class: "soft" }, left(certificate.days_left)),
        below,
      ),
    );
  });
  return missing ? make("ul", { class: "tree" }, missing, make("li", {}, below)) : below;
};

const kepware = (it) => {
  const answer = (is) => (is ? say("kepware.yes") : say("kepware.no"));
  const line = (name, value) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make("td", {}, mono(value)),
      make("td", {}, copyButton(String(value), name)),
    );
  return make(
    "section",
    { class: "kepware" },
    make("h2", {}, say("kepware.title")),
    make("p", {}, say("kepware.where")),
    make(
      "div",
      { class: "wide" },
      make(
        "table",
        {},
        make(
          "tbody",
          {},
          line("Host", it.host),
          line("Port", it.port),
          line("Resource", it.resource),
          line("Trust self-signed certificates", answer(it.trust_self_signed_certificates)),
          line("Trust all certificates", answer(it.trust_all_certificates)),
          line("Disable encryption", answer(it.disable_encryption)),
        ),
      ),
    ),
    it.import
      ? make(
          "ol",
          { class: "steps" },
          make("li", {}, say("kepware.compare")),
          make("li", {}, say("kepware.import")),
          make("li", {}, say("kepware.restart")),
        )
      : null,
    notes(it.notes),
  );
};

documents["certkit.fetch/1"] = (it) => {
  const path = (it.chain?.path ?? []).map((index) => it.certificates[index]);
  // What the command hands out, and nothing else.
  const top = it.certificates[it.part?.[0]];
  return [
    verdictOf(it),
    top
      ? make(
          "section",
          { class: "taken" },
          make("h2", {}, say("fetch.ca")),
          make("p", { class: "who" }, dn(top.subject_dn)),
          fingerprint(top.fingerprint_sha256),
          make("p", { class: "soft" }, say("fetch.read.out")),
          make(
            "div",
            { class: "acts" },
            button(
              say("fetch.save"),
              () => save(`${fileName(it.host)}-ca.cer`, top.pem, "application/x-x509-ca-cert"),
              { class: "main" },
            ),
          ),
          fingerprint(top.fingerprint_sha1, "SHA-1"),
        )
      : null,
    path.length ? make("section", {}, make("h2", {}, say("fetch.chain")), tree(it, path)) : null,
    it.kepware ? kepware(it.kepware) : null,
    judged(it),
    make(
      "details",
      {},
      make("summary", {}, say("connection")),
      facts([
        [say("address"), it.peer],
        ["TLS", it.tls_connection ? `${it.tls_connection.version} ${it.tls_connection.cipher}` : it.handshake_fault],
        [
          say("answer"),
          it.answer
            ? [it.answer.path, it.answer.status, it.answer.reason, it.answer.server, it.answer.error]
                .filter(Boolean)
                .join(" ")
            : null,
        ],
        [say("downloads"), it.chain?.downloads.map((one) => `${one.url} ${one.error ?? ""}`)],
        [say("attempts"), it.attempts],
      ]),
    ),
  ];
};

const match = (it) =>
  make(
    "article",
    { class: "certificate", lang: "en" },
    make("h2", {}, it.code, " ", make("span", { class: "soft" }, it.program)),
    it.count
      ? make(
          "p",
          { class: "soft" },
          say("explain.times", { count: it.count, first: it.first ?? "?", last: it.last ?? "?" }),
        )
      : null,
    it.found ? make("p", {}, make("q", {}, it.found)) : null,
    make("p", {}, it.meaning),
    it.causes.length
      ? make(
          "ul",
          {},
          it.causes.map((cause) => make("li", {}, cause.what, make("br"), make("span", { class: "soft" }, cause.tell))),
        )
      : null,
    it.find_out.length
      ? make(
          "div",
          {},
          make("h3", {}, say("explain.find.out")),
          it.find_out.map((command) => make("p", { class: "line" }, mono(command), copyButton(command))),
        )
      : null,
    make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(it.remedy)),
    it.hosts.length ? make("p", { class: "soft" }, it.hosts.join(", ")) : null,
    it.finding_ids.length ? make("p", { class: "soft" }, it.finding_ids.join(", ")) : null,
  );

documents["certkit.explain/1"] = (it) => [
  it.matches.map(match),
  it.checks.map((check) =>
    make(
      "article",
      { class: "certificate" },
      make("h2", {}, check.title, " ", make("code", {}, check.id), " ", badge(check.severity)),
      make("p", {}, check.why),
      make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(check.remedy)),
      make("p", { class: "soft clauses" }, check.clauses.join("; ")),
      check.programs.length
        ? make(
            "p",
            { class: "soft" },
            check.programs.map((one) => `${one.program} ${one.version}: ${one.verdict}`).join("; "),
          )
        : null,
    ),
  ),
  it.deviations.map((one) =>
    make(
      "article",
      { class: "certificate" },
      make("h2", {}, one.title, " ", make("code", {}, one.id), " ", badge(one.severity)),
      make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(one.remedy)),
    ),
  ),
  it.status_codes.map((code) =>
    make(
      "article",
      { class: "certificate" },
      make("h2", {}, code.name, " ", make("code", {}, code.code)),
      make("p", {}, code.meaning),
      code.why ? make("p", {}, code.why) : null,
      code.remedy ? make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(code.remedy)) : null,
      make("p", { class: "soft clauses" }, code.clauses.join("; ")),
    ),
  ),
  it.log ? make("p", { class: "soft" }, say("explain.lines", { lines: it.log.lines })) : null,
  it.log && !it.matches.length ? verdict(it.log.lines ? "info" : "unknown", say("explain.nothing")) : null,
];

const cures = (list) =>
  list.map((it) =>
    make(
      "p",
      { class: "line cure" },
      make("b", {}, say(`place.${it.place}`)),
      " ",
      make("code", {}, it.text),
      copyButton(it.text),
    ),
  );

const side = (it) =>
  make(
    "article",
    { class: "certificate" },
    make(
      "h2",
      {},
      say(it.judge === "client" ? "preflight.of.client" : "preflight.of.server", { code: it.status_code }),
    ),
    make(
      "p",
      // Good by what is known: without the lists of the judge it is not settled.
      { class: `state ${it.status_code === "Good" ? (it.lists ? "ok" : "warning") : "critical"}` },
      it.status_code,
      it.told !== it.status_code ? ` · ${say("preflight.told", { code: it.told })}` : "",
    ),
    make(
      "p",
      { class: "soft" },
      `${say("subject")}: ${dn(it.subject_dn)} · ${it.lists ? say("preflight.lists", { where: it.lists }) : say("preflight.no.lists")}`,
    ),
    it.objections.map((one) =>
      make(
        "div",
        { class: "finding" },
        make(
          "p",
          {},
          badge("error", one.status_code),
          " ",
          make("span", { class: "soft" }, `${one.step}. ${one.step_title}`),
        ),
        make("p", {}, one.message),
        one.cures.length
          ? cures(one.cures)
          : one.remedy
            ? make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(one.remedy))
            : null,
        make("p", { class: "soft clauses" }, one.clauses.join("; ")),
      ),
    ),
    it.trust_cures.length
      ? make(
          "div",
          { class: "finding" },
          make("p", {}, badge("warning", say("preflight.untold"))),
          cures(it.trust_cures),
        )
      : null,
    notes(it.notes),
  );

documents["certkit.preflight/1"] = (it) => [
  verdict(
    { opens: "ok", refused: "critical" }[it.verdict] ?? "unknown",
    say(`preflight.${it.verdict}`),
    it.security_policy ?? it.common_policies.join(", "),
  ),
  it.channel.map((one) =>
    make(
      "div",
      { class: "finding" },
      make("p", {}, badge("error", one.status_code)),
      make("p", {}, one.message),
      cures(one.cures),
    ),
  ),
  make("div", { class: "pair" }, it.sides.map(side)),
  it.findings.length ? make("section", {}, make("h2", {}, say("preflight.files")), findings(it.findings)) : null,
];
