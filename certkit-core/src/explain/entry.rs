//! An entry: words or numbers of one program, and the reason that they stand for.

use super::matcher::without_end;
use super::reason::{Reason, alert};
use crate::check::Severity;

/// How sure it is that the program says it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Seen in a run, or read in the source or the maker's reference.
    High,
    /// Told by others.
    Medium,
    /// The exact words are not confirmed.
    Low,
}

impl Certainty {
    /// Gives the name, such as `high`.
    pub const fn name(self) -> &'static str {
        match self {
            Certainty::High => "high",
            Certainty::Medium => "medium",
            Certainty::Low => "low",
        }
    }
}

/// A program with its words.
#[derive(Debug)]
pub struct Program {
    /// The name of the program.
    pub name: &'static str,
    /// What names it on a command line, such as `openssl`.
    pub keys: &'static [&'static str],
    /// Words of which one has to stand nearby where weak patterns are to count; a blank at an end is a word's end.
    pub context: &'static [&'static str],
    /// Patterns of every entry: `{n}`, `{hex}`, `{packed}`, `{signed}` are its number, `{name}`, `{words}`, `{upper}`, `{camel}`,
    /// `{under}` its name, `{alert}` the reason of OpenSSL for the alert of its number.
    pub carriers: &'static [&'static str],
    /// The same, common enough elsewhere to need a word of the context nearby.
    pub weak_carriers: &'static [&'static str],
    /// Where the words are from, unless an entry says otherwise.
    pub source: &'static str,
    /// The entries.
    pub entries: &'static [Entry],
}

/// What a program says, and the reason for it.
#[derive(Debug)]
pub struct Entry {
    /// The number and name, or a name of certkit's where the program has none.
    pub code: &'static str,
    /// What lies behind it.
    pub reason: &'static Reason,
    /// Literal phrases; `<host>` stands for any text within a line, `<fff>` for three hex digits, `<end>` for an end behind
    /// which no further word stands.
    pub patterns: &'static [&'static str],
    /// Phrases that count only beside a word of the program's context.
    pub weak: &'static [&'static str],
    /// The numbers that it has.
    pub numbers: &'static [i64],
    /// Says that something failed and not why: a reason nearby is the better answer.
    pub is_frame: bool,
    /// Reasons that it tells better than the entries of these reasons do, where both stand together.
    pub covers: &'static [&'static Reason],
    own_source: Option<&'static str>,
    /// Since which version the program says it so, where that is known.
    pub since: Option<&'static str>,
    /// How sure the words are.
    pub certainty: Certainty,
}

impl Entry {
    pub(super) const fn new(code: &'static str, reason: &'static Reason, patterns: &'static [&'static str]) -> Entry {
        let certainty = Certainty::High;
        Entry {
            code,
            reason,
            patterns,
            weak: &[],
            numbers: &[],
            is_frame: false,
            covers: &[],
            own_source: None,
            since: None,
            certainty,
        }
    }

    pub(super) const fn weak(mut self, patterns: &'static [&'static str]) -> Entry {
        self.weak = patterns;
        self
    }

    pub(super) const fn numbers(mut self, numbers: &'static [i64]) -> Entry {
        self.numbers = numbers;
        self
    }

    pub(super) const fn frame(mut self) -> Entry {
        self.is_frame = true;
        self
    }

    pub(super) const fn covers(mut self, reasons: &'static [&'static Reason]) -> Entry {
        self.covers = reasons;
        self
    }

    pub(super) const fn source(mut self, source: &'static str) -> Entry {
        self.own_source = Some(source);
        self
    }

    pub(super) const fn since(mut self, version: &'static str) -> Entry {
        self.since = Some(version);
        self
    }

    pub(super) const fn certainty(mut self, certainty: Certainty) -> Entry {
        self.certainty = certainty;
        self
    }

    /// Says whether it tells of no fault at all.
    pub fn is_harmless(&self) -> bool {
        [&alert::NOTHING_WRONG, &alert::NO_WEIGHT].iter().any(|it| std::ptr::eq(self.reason, *it))
    }

    /// Gives how heavy it is: `is_quiet` where its program tells it as news of no weight.
    pub fn severity(&self, is_quiet: bool) -> Severity {
        match (self.is_harmless(), self.is_frame || is_quiet) {
            (true, _) => Severity::Info,
            (false, true) => Severity::Warning,
            (false, false) => Severity::Error,
        }
    }

    /// Gives the code without its number, such as `CERT_HAS_EXPIRED`.
    pub fn name(&self) -> &'static str {
        match self.code.split_once(' ') {
            Some((number, name)) if !self.numbers.is_empty() && number.contains(|c: char| c.is_ascii_digit()) => name,
            _ => self.code,
        }
    }

    fn filled(&self, carrier: &str) -> String {
        let number = self.numbers.first().copied().unwrap_or_default();
        let low = u32::try_from(number & 0xffff_ffff).unwrap_or_default();
        let name = self.name();
        let camel: String = name.split(['_', ' ']).map(capital).collect();
        carrier
            .replace("{n}", &number.to_string())
            .replace("{hex}", &format!("{low:#010x}"))
            .replace("{packed}", &format!("{low:08X}"))
            .replace("{signed}", &low.cast_signed().to_string())
            .replace("{alert}", &format!("{:03x}", number.saturating_add(1000)))
            .replace("{name}", name)
            .replace("{words}", &name.replace('_', " "))
            .replace("{upper}", &name.replace(' ', "_"))
            .replace("{camel}", &camel)
            .replace("{under}", &name.replacen("Bad", "Bad_", 1))
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An entry with the program that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The program.
    pub program: &'static Program,
    /// Its entry.
    pub entry: &'static Entry,
}

impl Known {
    /// Gives where the words are from.
    pub fn source(self) -> &'static str {
        self.entry.own_source.unwrap_or(self.program.source)
    }

    /// Gives all patterns, those of the program's carriers included, and whether each is weak.
    pub fn patterns(self) -> impl Iterator<Item = (String, bool)> {
        // A code of OpenSSL may stand at the end.
        let code = |pattern: &'static str| pattern.strip_suffix(':').filter(|it| it.starts_with("error:"));
        let own = self.entry.patterns.iter().map(move |&it| (code(it).unwrap_or(it).to_owned(), false));
        let weak = self.entry.weak.iter().map(|&pattern| (pattern.to_owned(), true));
        // What has no number of its own is carried by none.
        let has_number = !self.entry.numbers.is_empty();
        // A small number alone is no word.
        let is_small = |number: &i64| (0..=0x7fff_ffff).contains(number);
        let is_bare = self.entry.numbers.first().is_none_or(is_small);
        let of_numbers = move |carriers: &'static [&'static str]| {
            carriers.iter().filter(move |carrier| has_number && !(is_bare && **carrier == "{signed}"))
        };
        let carried = of_numbers(self.program.carriers).map(move |carrier| (self.entry.filled(carrier), false));
        let weakly = of_numbers(self.program.weak_carriers).map(move |carrier| (self.entry.filled(carrier), true));
        own.chain(carried).chain(weak).chain(weakly)
    }

    /// Gives words by which it is recognised.
    pub fn words(self) -> String {
        let words = self.patterns().next().map(|(words, _)| without_end(&words).to_owned());
        words.unwrap_or_else(|| self.entry.code.to_owned())
    }

    /// Says whether both are the same entry.
    pub fn is(self, other: Known) -> bool {
        std::ptr::eq(self.entry, other.entry)
    }

    /// Says whether the program is named by this key, such as `openssl`, or by a word of its name.
    pub fn is_of(self, key: &str) -> bool {
        let name = self.program.name;
        self.program.keys.iter().any(|known| known.eq_ignore_ascii_case(key)) || name.eq_ignore_ascii_case(key)
    }
}
