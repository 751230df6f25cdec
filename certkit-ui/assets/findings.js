// Certificates and findings, as every document has them.

const toneOf = { error: "critical", warning: "warning", info: "info" };
const badge = (severity, text) =>
  make("span", { class: `state ${toneOf[severity] ?? severity}` }, text ?? say(`severity.${severity}`));
const day = (moment) =>
  moment ? make("time", { datetime: moment }, moment.slice(0, 10)) : make("span", { class: "soft" }, "?");
const dn = (text) => (text ? text : say("no.subject"));
const short = (it) => it.subject?.common_name ?? it.subject_dn ?? "";

// A list of names and values; what has no value is left out.
const facts = (pairs) =>
  make(
    "dl",
    {},
    pairs
      .filter(
        ([, value]) =>
          value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length),
      )
      .map(([name, value]) => [
        make("dt", {}, name),
        make("dd", {}, Array.isArray(value) && !(value[0] instanceof Node) ? value.join(", ") : value),
      ]),
  );

// What a field of the open task is called that an option of the command line stands for; null where it has none.
const other = { "password-file": "password", "issuer-password-file": "issuer_password" };
const fieldOf = (option) => {
  const form = $("main > section:not([hidden]) form");
  const name = other[option] ?? option.replaceAll("-", "_");
  const field = name && form?.querySelector(`[name="${name}"]`);
  if (field) return $("span, legend", field.closest("label, fieldset")).textContent;
  const chooser = name && form?.querySelector(`[data-given="${name}"]`);
  if (chooser) return chooser.dataset.label;
  return name === "password" && form?.querySelector("[data-takes~=locked]") ? say("password") : null;
};

// A remedy or cure: commands in backticks are set apart, and fields are named that do what an option does.
const remedy = (text) => {
  const fields = [...String(text ?? "").matchAll(/--([a-z][a-z-]+)/g)].map(([, option]) => fieldOf(option));
  const labels = [...new Set(fields.filter(Boolean))].map((it) => say("quoted", { text: it.replace(/ \(.*\)$/, "") }));
  return [
    ...String(text ?? "")
      .split("`")
      .map((part, at) => (at % 2 ? mono(part) : part)),
    labels.length ? make("span", { class: "soft" }, ` (${say("cure.field", { label: labels.join(", ") })})`) : null,
  ];
};

const fingerprint = (hex, label = "SHA-256") =>
  make(
    "div",
    { class: "print-out" },
    make("span", { class: "label" }, label),
    make(
      "code",
      { class: "fingerprint" },
      groups(hex).map((group) => [make("span", {}, group), " "]),
    ),
    copyButton(hex, label),
  );

const finding = (it) =>
  make(
    "li",
    { class: "finding", lang: "en" },
    make(
      "p",
      {},
      badge(it.severity),
      " ",
      make("code", { class: "id" }, it.id),
      it.is_waived ? [" ", make("span", { class: "soft" }, say("waived"))] : null,
    ),
    make("p", {}, remedy(it.message ?? it.reason)),
    it.remedy ? make("p", { class: "cure" }, make("b", {}, say("cure")), " ", remedy(it.remedy)) : null,
    it.refused_by?.length ? make("p", { class: "soft" }, say("refused.by", { who: it.refused_by.join(", ") })) : null,
    it.clauses?.length ? make("p", { class: "soft clauses" }, it.clauses.join("; ")) : null,
  );

const findings = (list) => make("ul", { class: "findings" }, list.map(finding));

// Everything that a certificate says of itself. Of keys there is the public part alone.
const details = (it) =>
  make(
    "details",
    { class: "whole" },
    make("summary", {}, say("details")),
    facts([
      [say("subject"), it.subject_dn],
      [say("issuer"), it.issuer_dn],
      [say("valid"), [make("span", {}, day(it.not_before), ` ${say("to")} `, day(it.not_after))]],
      [say("serial"), it.serial_hex ? mono(it.serial_hex) : null],
      ["DNS", it.dns_names],
      ["IP", it.ip_addresses],
      ["URI", it.uri_names],
      ["E-mail", it.email_addresses],
      [say("other.names"), it.other_names],
      [
        say("key"),
        it.public_key
          ? [it.public_key.algorithm, it.public_key.bits, it.public_key.curve].filter(Boolean).join(" ")
          : null,
      ],
      [say("signature"), it.signature_algorithm],
      [say("usage"), it.key_usage],
      [say("purposes"), it.extended_key_usage],
      [say("found"), it.origin],
      [say("alias"), it.alias],
      ["SHA-1", mono(it.fingerprint_sha1 ?? "")],
      ["SHA-256", mono(it.fingerprint_sha256 ?? "")],
    ]),
    it.pem
      ? button(say("save.certificate"), () => save(`${fileName(short(it))}.cer`, it.pem, "application/x-x509-ca-cert"))
      : null,
  );

const roleOf = (it) =>
  it.role === "authority" ? say(it.is_self_signed ? "role.root" : "role.ca") : it.role ? say(`role.${it.role}`) : "";

const left = (days) =>
  days === null || days === undefined ? "" : days < 0 ? say("ended.ago", { days: -days }) : say("days.left", { days });

const certificate = (it, its) =>
  make(
    "article",
    { class: "certificate" },
    make("h3", {}, it.subject?.common_name ?? dn(it.subject_dn), " ", make("span", { class: "soft" }, roleOf(it))),
    make(
      "p",
      { class: "soft" },
      [say("until"), " "],
      day(it.not_after),
      " ",
      left(it.days_left),
      it.origin ? ` · ${it.origin}` : "",
    ),
    its.length ? findings(its) : make("p", { class: "soft" }, say("no.finding")),
    details(it),
  );

// Findings by certificate; what is about none of them stands first.
const judged = (document, options = {}) => {
  const told = [...(document.findings ?? [])];
  const of = (index) => told.filter((it) => it.certificate_index === index);
  const general = told.filter((it) => it.certificate_index === null || it.certificate_index === undefined);
  const sources = new Map();
  for (const it of general) sources.set(it.source ?? "", [...(sources.get(it.source ?? "") ?? []), it]);
  const untold = document.untold ?? [];
  const certificates = document.certificates ?? [];
  return [
    [...sources].map(([source, its]) =>
      make("section", { class: "general" }, source ? make("h2", {}, source) : null, findings(its)),
    ),
    certificates.length && !options.bare
      ? make(
          "section",
          {},
          make("h2", {}, say("certificates")),
          certificates.map((it, index) => certificate(it, of(index))),
        )
      : null,
    options.bare
      ? make(
          "section",
          {},
          certificates.map((it, index) => (of(index).length ? certificate(it, of(index)) : null)),
        )
      : null,
    untold.length
      ? make("details", {}, make("summary", {}, say("untold", { count: untold.length })), findings(untold))
      : null,
    document.ignored?.length
      ? make("details", {}, make("summary", {}, say("ignored")), findings(document.ignored))
      : null,
  ];
};

const count = (list, severity) => (list ?? []).filter((it) => it.severity === severity).length;

// The verdict of a document, in its own words.
const verdict = (tone, text, more) =>
  make("div", { class: `verdict ${tone}` }, make("b", {}, text), more ? make("span", {}, more) : null);
const verdictOf = (document) => {
  const tone =
    { ok: "ok", warnings: "warning", errors: "critical", "not-judged": "unknown" }[document.verdict] ?? "unknown";
  const parts = ["error", "warning", "info"]
    .map((it) => [it, count(document.findings, it)])
    .filter(([, number]) => number);
  return verdict(
    tone,
    say(`verdict.${document.verdict}`),
    parts.map(([it, number]) => say(`count.${it}`, { count: number })).join(", "),
  );
};
