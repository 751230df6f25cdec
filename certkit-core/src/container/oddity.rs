//! Forms of files that certkit reads and other programs do not.
//!
//! `forms.csv` is a copy of `testdata/files.csv`: two certificates in each form, and how many of them each program found
//! when `scripts/files` asked it.

use std::fmt;

use memchr::{memchr_iter, memmem};
use zeroize::Zeroizing;

use super::base64::Decoder;
use super::encoding::Encoding;
use super::item::{Contents, Item};
use super::label::Claim;
use super::shape::{self, Shape};
use super::utf16::Utf16;

/// A form of a file that some programs do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A byte order mark of UTF-8 in front.
    Utf8Mark,
    /// Text in UTF-16, as Windows editors save it.
    Utf16,
    /// END of one block and BEGIN of the next in one line.
    Glued,
    /// Base64 in the line of BEGIN.
    BeginGlued,
    /// Base64 in the line of END.
    EndGlued,
    /// A revocation list beside certificates.
    ListBeside,
    /// Line ends that are written as `\n`.
    BackslashN,
    /// Lines that end in CR alone.
    ReturnsAlone,
    /// Blanks in the place of line ends.
    Blanks,
    /// Lines that begin with blanks.
    Indented,
    /// A BEGIN behind other text in its line.
    InLine,
    /// HTML or XML around.
    Markup,
    /// Lines that end in CR CR LF, as two conversions for Windows leave them.
    ReturnsTwice,
    /// Lines that end in LF CR.
    FeedReturn,
    /// A blank line between the lines of a block, or in front of its END.
    BlankLine,
    /// Headers of RFC 822 in a block (RFC 7468 section 2 has none).
    Headers,
    /// Base64 without the `=` at its end.
    NoPadding,
    /// The label X509 CERTIFICATE.
    OldLabel,
    /// The label TRUSTED CERTIFICATE, which is OpenSSL's own.
    TrustedLabel,
    /// A certificate under another label.
    OtherLabel,
    /// A line of the text around that begins with five hyphens.
    HyphenLine,
    /// Base64 without BEGIN and END lines.
    Bare,
}

static FORMS: &str = include_str!("forms.csv");

/// So much of a line is looked at in front of a BEGIN.
const LINE: usize = 64;

const BEGIN: &[u8] = b"-----BEGIN ";

impl Oddity {
    /// Every form.
    pub const ALL: [Oddity; 22] = [
        Oddity::Utf8Mark,
        Oddity::Utf16,
        Oddity::Glued,
        Oddity::BeginGlued,
        Oddity::EndGlued,
        Oddity::ListBeside,
        Oddity::BackslashN,
        Oddity::ReturnsAlone,
        Oddity::Blanks,
        Oddity::Indented,
        Oddity::InLine,
        Oddity::Markup,
        Oddity::ReturnsTwice,
        Oddity::FeedReturn,
        Oddity::BlankLine,
        Oddity::Headers,
        Oddity::NoPadding,
        Oddity::OldLabel,
        Oddity::TrustedLabel,
        Oddity::OtherLabel,
        Oddity::HyphenLine,
        Oddity::Bare,
    ];

    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Oddity::Utf8Mark => "UTF-8 mark",
            Oddity::Utf16 => "UTF-16",
            Oddity::Glued => "glued",
            Oddity::BeginGlued => "glued to BEGIN",
            Oddity::EndGlued => "glued to END",
            Oddity::ListBeside => "list beside",
            Oddity::BackslashN => "backslash n",
            Oddity::ReturnsAlone => "CR alone",
            Oddity::Blanks => "blanks",
            Oddity::Indented => "indented",
            Oddity::InLine => "in its line",
            Oddity::Markup => "markup",
            Oddity::ReturnsTwice => "CR CR LF",
            Oddity::FeedReturn => "LF CR",
            Oddity::BlankLine => "blank line",
            Oddity::Headers => "headers",
            Oddity::NoPadding => "no padding",
            Oddity::OldLabel => "X509 label",
            Oddity::TrustedLabel => "TRUSTED label",
            Oddity::OtherLabel => "other label",
            Oddity::HyphenLine => "hyphens",
            Oddity::Bare => "bare base64",
        }
    }

    /// Whether it is about what stands around the blocks, which texts of another format have by their format.
    pub(super) fn is_of_layout(self) -> bool {
        let layout = [Oddity::Utf16, Oddity::BackslashN, Oddity::Indented, Oddity::InLine, Oddity::HyphenLine];
        layout.contains(&self)
    }

    /// The programs that find fewer certificates in such a file than there are.
    pub fn unread_by(self) -> Vec<&'static str> {
        let mut lines = FORMS.lines().map(|line| line.split(','));
        let programs = lines.next().into_iter().flatten().skip(1).map(|program| match program {
            "openssl" => "OpenSSL",
            "java" => "Java",
            "gnutls" => "GnuTLS",
            "go" => "Go",
            "python" => "Python",
            other => other,
        });
        let row = lines.find_map(|mut cells| (cells.next() == Some(self.name())).then_some(cells));
        programs.zip(row.into_iter().flatten()).filter(|(_, found)| *found != "2").map(|(program, _)| program).collect()
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Oddity::Utf8Mark => "a UTF-8 byte order mark precedes a BEGIN",
            Oddity::Utf16 => "its text is in UTF-16",
            Oddity::Glued => "an END and the next BEGIN are on one line",
            Oddity::BeginGlued => "base64 follows a BEGIN on its line",
            Oddity::EndGlued => "base64 precedes an END on its line",
            Oddity::ListBeside => "a revocation list is beside the certificates",
            Oddity::BackslashN => r"its line ends are written as `\n`",
            Oddity::ReturnsAlone => "its lines end in CR only",
            Oddity::Blanks => "blanks replace the line ends",
            Oddity::Indented => "its lines are indented",
            Oddity::InLine => "other text precedes a BEGIN",
            Oddity::Markup => "it is wrapped in HTML or XML",
            Oddity::ReturnsTwice => "its lines end in CR CR LF",
            Oddity::FeedReturn => "its lines end in LF CR",
            Oddity::BlankLine => "a blank line is in a block",
            Oddity::Headers => "a block begins with header lines",
            Oddity::NoPadding => "the `=` at the end of its base64 are missing",
            Oddity::OldLabel => "the label of a block is `X509 CERTIFICATE` instead of `CERTIFICATE`",
            Oddity::TrustedLabel => "the label of a block is `TRUSTED CERTIFICATE`, which is OpenSSL's own",
            Oddity::OtherLabel => "the label of a block with a certificate is not `CERTIFICATE`",
            Oddity::HyphenLine => "a line of the surrounding text begins with five hyphens",
            Oddity::Bare => "it is base64 without BEGIN and END lines",
        })
    }
}

/// What is odd about the form of a file; nothing for DER, stores and usual PEM. Costs some passes.
pub(super) fn oddities(bytes: &[u8]) -> Vec<Oddity> {
    if Utf16::of(bytes).is_some() {
        return vec![Oddity::Utf16];
    }
    let mut found = Vec::new();
    let mut note = |oddity: Oddity| {
        if !found.contains(&oddity) {
            found.push(oddity);
        }
    };
    let mut labels: Vec<Claim> = Vec::new();
    let mut begins = memmem::find_iter(bytes, BEGIN).peekable();
    while let Some(at) = begins.next() {
        let line = bytes.get(at.saturating_sub(LINE)..at).unwrap_or_default();
        let start = line.iter().rposition(|octet| b"\r\n".contains(octet)).map_or(0, |end| end.saturating_add(1));
        in_front(line.get(start..).unwrap_or_default()).into_iter().for_each(&mut note);
        let next = begins.peek().copied().unwrap_or(bytes.len());
        let rest = bytes.get(at.saturating_add(BEGIN.len())..next).unwrap_or_default();
        let near = rest.get(..LINE.saturating_mul(2)).unwrap_or(rest);
        let Some((label, body)) = memmem::find(near, b"-----").and_then(|end| rest.split_at_checked(end)) else {
            continue;
        };
        let claim = Claim::of(label.trim_ascii());
        if !labels.contains(&claim) {
            labels.push(claim);
        }
        let body = body.get(5..).unwrap_or_default();
        let ends = behind(body);
        ends.into_iter().for_each(&mut note);
        if let Some(end) = memmem::find(body, b"-----END ") {
            inside(label.trim_ascii(), body.get(..end).unwrap_or_default(), ends).into_iter().for_each(&mut note);
        }
    }
    if found.contains(&Oddity::Indented) && has_block_scalar(bytes) {
        found.retain(|it| *it != Oddity::Indented);
    }
    let has = |claim: fn(&Claim) -> bool| labels.iter().any(claim);
    if has(|it| it.is_certificate()) && has(|it| *it == Claim::RevocationList) {
        found.push(Oddity::ListBeside);
    }
    let is_text = memmem::find(bytes, BEGIN).is_some();
    if is_text && memmem::find_iter(bytes, b"-----").any(|at| is_other_line(bytes, at)) {
        found.push(Oddity::HyphenLine);
    }
    found
}

/// Says whether what was taken stood in base64 without BEGIN and END lines.
pub(super) fn bare(contents: &Contents) -> Option<Oddity> {
    let is_bare = |item: &Item| item.encoding == Encoding::Base64 && item.rejected.is_none();
    contents.items.iter().any(is_bare).then_some(Oddity::Bare)
}

/// Whether a line begins with these hyphens and is neither BEGIN nor END.
fn is_other_line(bytes: &[u8], at: usize) -> bool {
    let is_start = at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|octet| b"\r\n".contains(octet));
    let line = bytes.get(at..).unwrap_or_default();
    is_start && !line.starts_with(BEGIN) && !line.starts_with(b"-----END ")
}

/// Whether indented blocks are a value of YAML: the line before the first of them ends with `|`, perhaps with `-` or `+`.
fn has_block_scalar(bytes: &[u8]) -> bool {
    let lines = bytes.split(|octet| b"\r\n".contains(octet)).filter(|line| !line.trim_ascii().is_empty());
    let mut before: &[u8] = b"";
    for line in lines {
        if line.trim_ascii_start().starts_with(BEGIN) && !line.starts_with(BEGIN) {
            let before = before.strip_suffix(b"-").or(before.strip_suffix(b"+")).unwrap_or(before);
            return before.ends_with(b"|") && before.contains(&b':');
        }
        before = line.trim_ascii_end();
    }
    false
}

/// What is odd about the label of a block and what stands between BEGIN and END.
fn inside(label: &[u8], body: &[u8], ends: Option<Oddity>) -> Vec<Oddity> {
    let claim = Claim::of(label);
    if !(claim.is_certificate() || matches!(claim, Claim::RevocationList | Claim::Pkcs7 | Claim::Unknown)) {
        return Vec::new();
    }
    let is_base64 = |octet: &&u8| !octet.is_ascii_whitespace();
    let has_usual_ends = matches!(ends, None | Some(Oddity::ReturnsTwice));
    // What stands for line ends is no base64.
    let has_other_text = matches!(ends, Some(Oddity::BackslashN | Oddity::Markup));
    let last = body.iter().rfind(|octet| !b" \t".contains(octet));
    let is_glued = has_usual_ends && last.is_some_and(|octet| !b"\r\n".contains(octet));
    let is_encoded = !has_other_text && !matches!(claim, Claim::Pkcs7 | Claim::Unknown);
    let (has_headers, is_parted) = if has_usual_ends { lines(body) } else { (false, false) };
    let label = match (claim, label) {
        (Claim::Certificate, b"X509 CERTIFICATE") => Some(Oddity::OldLabel),
        (Claim::TrustedCertificate, _) => Some(Oddity::TrustedLabel),
        (Claim::Certificate, b"CERTIFICATE") | (Claim::RevocationList, _) => None,
        _ => {
            let der = Decoder::new().decode(body).map(Zeroizing::new);
            let is_certificate = der.is_ok_and(|der| shape::of(&der) == Some(Shape::Certificate));
            is_certificate.then_some(Oddity::OtherLabel)
        }
    };
    let is_open = is_encoded && !has_headers && body.iter().filter(is_base64).count() % 4 != 0;
    let odd = [
        label,
        has_headers.then_some(Oddity::Headers),
        is_parted.then_some(Oddity::BlankLine),
        is_open.then_some(Oddity::NoPadding),
        is_glued.then_some(Oddity::EndGlued),
    ];
    odd.into_iter().flatten().collect()
}

/// Whether a body begins with header lines, and whether a blank line stands between its lines or behind the last one.
fn lines(body: &[u8]) -> (bool, bool) {
    let (mut from, mut has_data, mut has_headers) = (0, false, false);
    for at in memchr_iter(b'\n', body) {
        let line = body.get(from..at).unwrap_or_default().trim_ascii();
        from = at.saturating_add(1);
        match line {
            [] if has_data => return (has_headers, true),
            [] => {}
            _ if !has_data && line.contains(&b':') => has_headers = true,
            _ => has_data = true,
        }
    }
    (has_headers, false)
}

/// What is odd about what stands in front of a BEGIN in its line.
fn in_front(line: &[u8]) -> Option<Oddity> {
    match line {
        b"" => None,
        b"\xef\xbb\xbf" => Some(Oddity::Utf8Mark),
        _ if line.ends_with(b"-----") => Some(Oddity::Glued),
        _ if line.ends_with(br"\n") || line.ends_with(br"\r") => Some(Oddity::BackslashN),
        _ if line.iter().all(|octet| b" \t".contains(octet)) => Some(Oddity::Indented),
        _ => Some(Oddity::InLine),
    }
}

/// What is odd about how a BEGIN line ends.
fn behind(rest: &[u8]) -> Option<Oddity> {
    match rest {
        [b'\n', b'\r', next, ..] if *next != b'\n' => Some(Oddity::FeedReturn),
        [b'\r', b'\r', b'\n', ..] => Some(Oddity::ReturnsTwice),
        [b'\n', ..] | [b'\r', b'\n', ..] | [] => None,
        [b'\r', ..] => Some(Oddity::ReturnsAlone),
        [b'\\', b'n' | b'r', ..] => Some(Oddity::BackslashN),
        [b'<', ..] => Some(Oddity::Markup),
        [octet, ..] if octet.is_ascii_alphanumeric() => Some(Oddity::BeginGlued),
        [b' ' | b'\t', ..] => {
            let next = rest.iter().find(|octet| !b" \t".contains(octet));
            next.filter(|octet| !b"\r\n".contains(octet)).map(|_| Oddity::Blanks)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_recognised_and_the_usual_ones_are_not_odd() {
        let block = "-----BEGIN CERTIFICATE-----\nTm8=\n-----END CERTIFICATE-----\n";
        let two = format!("{block}{block}");
        for text in [
            two.clone(),
            two.replace('\n', "\r\n"),
            format!("Subject: x\n{two}"),
            two.replace("-----\n", "----- \n"),
            two.replace("\nTm8", "\n\nTm8"),
            format!("# ----- CA\n{two}"),
            format!("ca: |-\n{}", two.lines().map(|line| format!("    {line}\n")).collect::<String>()),
        ] {
            assert_eq!(oddities(text.as_bytes()), [], "{text}");
        }
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(two.bytes().flat_map(|octet| [octet, 0])).collect();
        assert_eq!(oddities(&wide), [Oddity::Utf16]);
        for (text, odd) in [
            (format!("\u{feff}{two}"), Oddity::Utf8Mark),
            (format!("{}{block}", block.trim_end()), Oddity::Glued),
            (two.replace("-----\nTm8=", "-----Tm8="), Oddity::BeginGlued),
            (two.replace("=\n-----END", "=-----END"), Oddity::EndGlued),
            (format!("{block}{}", block.replace("CERTIFICATE", "X509 CRL")), Oddity::ListBeside),
            (two.replace('\n', "\\n"), Oddity::BackslashN),
            (two.replace('\n', "\r"), Oddity::ReturnsAlone),
            (two.lines().map(|line| format!("    {line}\n")).collect(), Oddity::Indented),
            (format!("ca = {block}"), Oddity::InLine),
            (format!("<pre>{block}</pre>"), Oddity::InLine),
            (block.replace('\n', "<br>"), Oddity::Markup),
            (two.replace("Tm8=", "Tm8").replace('\n', "\\n"), Oddity::BackslashN),
            (two.replace('\n', "\r\r\n"), Oddity::ReturnsTwice),
            (two.replace('\n', "\n\r"), Oddity::FeedReturn),
            (two.replace("\n-----END", "\n \n-----END"), Oddity::BlankLine),
            (two.replace('\n', "\n\n"), Oddity::BlankLine),
            (two.replace('\n', "\r\n\r\n"), Oddity::BlankLine),
            (two.replace("\nTm8=", "\nsubject: x\nTm8="), Oddity::Headers),
            (two.replace("Tm8=", "Tm8"), Oddity::NoPadding),
            (two.replace("CERTIFICATE", "X509 CERTIFICATE"), Oddity::OldLabel),
            (two.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), Oddity::TrustedLabel),
            (format!("----- CA\n{block}"), Oddity::HyphenLine),
            (format!("{block}-----------\n"), Oddity::HyphenLine),
        ] {
            assert_eq!(oddities(text.as_bytes()), [odd], "{text}");
        }
        assert!(oddities(two.replace('\n', " ").as_bytes()).contains(&Oddity::Blanks));
    }

    #[test]
    fn the_table_knows_every_form_and_is_that_of_testdata() {
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/files.csv");
        assert_eq!(
            std::fs::read_to_string(table).unwrap().replace("\r\n", "\n"),
            FORMS,
            "copy testdata/files.csv to src/container/forms.csv"
        );
        for oddity in Oddity::ALL {
            assert!(!oddity.unread_by().is_empty(), "{oddity}: {:?}", oddity.unread_by());
        }
        assert_eq!(Oddity::Glued.unread_by(), ["OpenSSL", "Java", "Go", "Python"]);
    }
}
