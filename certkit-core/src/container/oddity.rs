//! Forms of files that certkit reads and other programs do not.
//!
//! `forms.csv` is a copy of `testdata/files.csv`: two certificates in each form, and how many of them each program found
//! when `scripts/files` asked it.

use std::fmt;

use memchr::memmem;

use super::wide::Wide;

/// A form of a file that some programs do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A byte order mark of UTF-8 in front.
    Utf8Mark,
    /// Text in UTF-16, as Windows editors save it.
    Utf16,
    /// END of one block and BEGIN of the next in one line.
    Glued,
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
}

static FORMS: &str = include_str!("forms.csv");

/// So much of a line is looked at in front of a BEGIN.
const LINE: usize = 64;

impl Oddity {
    /// Every form.
    pub const ALL: [Oddity; 9] = [
        Oddity::Utf8Mark,
        Oddity::Utf16,
        Oddity::Glued,
        Oddity::BackslashN,
        Oddity::ReturnsAlone,
        Oddity::Blanks,
        Oddity::Indented,
        Oddity::InLine,
        Oddity::Markup,
    ];

    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Oddity::Utf8Mark => "UTF-8 mark",
            Oddity::Utf16 => "UTF-16",
            Oddity::Glued => "glued",
            Oddity::BackslashN => "backslash n",
            Oddity::ReturnsAlone => "CR alone",
            Oddity::Blanks => "blanks",
            Oddity::Indented => "indented",
            Oddity::InLine => "in its line",
            Oddity::Markup => "markup",
        }
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
            Oddity::Utf8Mark => "it begins with a byte order mark of UTF-8",
            Oddity::Utf16 => "its text is in UTF-16",
            Oddity::Glued => "an END and the next BEGIN stand in one line",
            Oddity::BackslashN => r"its line ends are written as `\n`",
            Oddity::ReturnsAlone => "its lines end in CR alone",
            Oddity::Blanks => "blanks stand in the place of line ends",
            Oddity::Indented => "its lines are indented",
            Oddity::InLine => "other text stands in front of a BEGIN",
            Oddity::Markup => "it is wrapped in HTML or XML",
        })
    }
}

/// What is odd about the form of a file; nothing for DER, stores and usual PEM. Costs one pass.
pub(super) fn oddities(bytes: &[u8]) -> Vec<Oddity> {
    if Wide::of(bytes).is_some() {
        return vec![Oddity::Utf16];
    }
    let mut found = Vec::new();
    let mut note = |oddity: Oddity| {
        if !found.contains(&oddity) {
            found.push(oddity);
        }
    };
    for at in memmem::find_iter(bytes, b"-----BEGIN ") {
        let line = bytes.get(at.saturating_sub(LINE)..at).unwrap_or_default();
        let start = line.iter().rposition(|octet| b"\r\n".contains(octet)).map_or(0, |end| end.saturating_add(1));
        in_front(line.get(start..).unwrap_or_default()).into_iter().for_each(&mut note);
        let label = bytes.get(at.saturating_add(5)..).unwrap_or_default();
        let label = label.get(..LINE.saturating_mul(2)).unwrap_or(label);
        let end = memmem::find(label, b"-----").map(|end| end.saturating_add(5));
        end.and_then(|end| behind(label.get(end..)?)).into_iter().for_each(&mut note);
    }
    found
}

/// What is odd about what stands in front of a BEGIN in its line.
fn in_front(line: &[u8]) -> Option<Oddity> {
    match line {
        b"" => None,
        b"\xef\xbb\xbf" => Some(Oddity::Utf8Mark),
        _ if line.ends_with(b"-----") => Some(Oddity::Glued),
        _ if line.ends_with(br"\n") || line.ends_with(br"\r") => Some(Oddity::BackslashN),
        _ if line.iter().all(|octet| b" \t".contains(octet)) => Some(Oddity::Indented),
        _ if line.ends_with(b">") => Some(Oddity::Markup),
        _ => Some(Oddity::InLine),
    }
}

/// What is odd about how a BEGIN line ends.
fn behind(rest: &[u8]) -> Option<Oddity> {
    match rest {
        [b'\n', ..] | [b'\r', b'\n', ..] | [] => None,
        [b'\r', ..] => Some(Oddity::ReturnsAlone),
        [b'\\', b'n' | b'r', ..] => Some(Oddity::BackslashN),
        [b'<', ..] => Some(Oddity::Markup),
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
        for text in
            [two.clone(), two.replace('\n', "\r\n"), format!("Subject: x\n{two}"), two.replace("-----\n", "----- \n")]
        {
            assert_eq!(oddities(text.as_bytes()), [], "{text}");
        }
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(two.bytes().flat_map(|octet| [octet, 0])).collect();
        assert_eq!(oddities(&wide), [Oddity::Utf16]);
        for (text, odd) in [
            (format!("\u{feff}{two}"), Oddity::Utf8Mark),
            (format!("{}{block}", block.trim_end()), Oddity::Glued),
            (two.replace('\n', "\\n"), Oddity::BackslashN),
            (two.replace('\n', "\r"), Oddity::ReturnsAlone),
            (two.lines().map(|line| format!("    {line}\n")).collect(), Oddity::Indented),
            (format!("ca = {block}"), Oddity::InLine),
            (format!("<pre>{block}</pre>"), Oddity::Markup),
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
            assert!(oddity.unread_by().len() > 1, "{oddity}: {:?}", oddity.unread_by());
        }
        assert_eq!(Oddity::Glued.unread_by(), ["OpenSSL", "Java", "Go", "Python"]);
    }
}
