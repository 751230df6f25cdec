//! How single programs treat a certificate, predicted from their answers to the specimens.
//!
//! `program/answers.tsv` is written from `testdata/programs.csv`, which `scripts/programs` gets by running the programs: a
//! line for each check, with how many specimens that fall short of it each program refuses, and the words that it has for
//! it. What decides within one check, such as which extension is critical, stands in a file for each program under `rules`; that
//! the two together are what the programs do, `scripts/differential` holds against them.

mod rules;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use rules::{Said, Scene, besides};

use super::openssl;
use super::verdict::Verdict;
use crate::cert::{Certificate, Known};
use crate::check::rfc5280::fields::{CERTIFICATE_UNDECODABLE, FILE_FORM_UNREAD};
use crate::check::webpki::chain::CHAIN_INCOMPLETE;
use crate::check::{Check, check_for};
use crate::context::AnchorText;
use crate::moment::Moment;
use crate::path::names::Peer;
use crate::path::process::{Fact, Inputs, Kind, process};
use crate::path::{End, Path};

/// A program that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `openssl verify`.
    OpenSsl,
    /// The trust manager of Java.
    Java,
    /// `certtool --verify`.
    GnuTls,
    /// `crypto/x509` of Go.
    Go,
    /// The module `ssl` of Python, which has OpenSSL inside.
    Python,
    /// rustls-webpki.
    Webpki,
}

static ANSWERS: &str = include_str!("answers.tsv");

impl Program {
    /// Every program, in the order of the columns.
    pub const ALL: [Program; 6] =
        [Program::OpenSsl, Program::Java, Program::GnuTls, Program::Go, Program::Python, Program::Webpki];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Program::OpenSsl => "openssl",
            Program::Java => "java",
            Program::GnuTls => "gnutls",
            Program::Go => "go",
            Program::Python => "python",
            Program::Webpki => "webpki",
        }
    }

    /// Whether its paths go on above an anchor that another CA has issued ([`Question::to_root`](super::Question::to_root)).
    pub const fn goes_to_root(self) -> bool {
        matches!(self, Program::OpenSsl | Program::Python)
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Program::OpenSsl => "OpenSSL",
            Program::Java => "Java",
            Program::GnuTls => "GnuTLS",
            Program::Go => "Go",
            Program::Python => "Python",
            Program::Webpki => "webpki",
        }
    }

    /// The version that was asked.
    pub fn version(self) -> &'static str {
        let head = ANSWERS.lines().next().unwrap_or_default();
        head.split('\t').skip(1).nth(self as usize).unwrap_or_default()
    }

    /// Says whether its words begin with a number that people search for.
    const fn has_numbers(self) -> bool {
        matches!(self, Program::OpenSsl | Program::Python)
    }
}

/// What a program said of the specimens that fall short of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The program.
    pub program: Program,
    /// How many of them it refused.
    pub refused: u32,
    /// How many it was asked about.
    pub asked: u32,
    /// What it said of the first that it refused, up to where the words are about that one alone.
    pub words: &'static str,
}

impl Answer {
    /// The number that it has for it.
    pub fn number(&self) -> Option<u32> {
        if self.program.has_numbers() { self.words.split(' ').next()?.parse().ok() } else { None }
    }

    /// How it is called where it stands for refusing: with its number, and whether it is not all forms that it refuses.
    pub fn called(&self) -> String {
        let title = self.program.title();
        let number = self.number().map(|number| number.to_string());
        let some = (self.refused < self.asked).then(|| "some forms".to_owned());
        let more: Vec<String> = number.into_iter().chain(some).collect();
        if more.is_empty() { title.to_owned() } else { format!("{title} ({})", more.join(", ")) }
    }
}

/// What the programs said about a check, in the order of [`Program::ALL`]; empty where they were not asked. Costs a
/// look-up.
pub fn answers(id: &str) -> &'static [Answer] {
    static TABLE: LazyLock<HashMap<&str, Vec<Answer>>> = LazyLock::new(|| {
        let answer = |(program, cell): (Program, &'static str)| {
            let (counts, words) = cell.split_once(' ').unwrap_or((cell, ""));
            let (refused, asked) = counts.split_once('/')?;
            Some(Answer { program, refused: refused.parse().ok()?, asked: asked.parse().ok()?, words })
        };
        let answers = |rest: &'static str| {
            Program::ALL.into_iter().zip(rest.split('\t')).filter_map(answer).filter(|it| it.asked > 0).collect()
        };
        let rows = ANSWERS.lines().skip(1).filter_map(|line| line.split_once('\t'));
        rows.map(|(id, rest)| (id, answers(rest))).collect()
    });
    TABLE.get(id).map(Vec::as_slice).unwrap_or_default()
}

/// The programs that refuse what falls short of a check, as they are called there. Costs a look-up.
pub fn refused_by(id: &str) -> &'static [String] {
    static TABLE: LazyLock<HashMap<&str, Vec<String>>> = LazyLock::new(|| {
        let refusing = |id| answers(id).iter().filter(|it| it.refused > 0).map(Answer::called).collect();
        ANSWERS.lines().skip(1).filter_map(|line| line.split('\t').next()).map(|id| (id, refusing(id))).collect()
    });
    TABLE.get(id).map(Vec::as_slice).unwrap_or_default()
}

/// Why a program refuses a certificate.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The check that is not met.
    pub check: &'static Check,
    /// The certificate, as its position on the path: 0 is the leaf.
    pub position: usize,
    /// The number that the program has for it, where it has numbers.
    pub number: Option<u32>,
    /// The program's own words, as far as they do not depend on the certificate.
    pub words: Cow<'static, str>,
}

/// Why a program refuses what was judged under [`TLS`](crate::check::TLS) and asked for these peers; nothing where it
/// accepts it.
pub fn refusals(verdict: &Verdict, peers: &[Peer], program: Program) -> Vec<Refusal> {
    let path = &verdict.path;
    let scene = Scene { path, peers };
    let mut refusals: Vec<Refusal> = verdict
        .processed
        .facts
        .iter()
        .filter_map(|fact| refusal(fact, scene, program))
        .chain(besides(scene, program).into_iter().map(|it| it.refusal(program)))
        .collect();
    if refusals.is_empty() && !path.is_anchored() && unknown(verdict, scene, program).is_none() {
        refusals.push(unanchored(0, program, openssl::of_end(&path.end, path.certificates.len()).number));
    }
    refusals
}

/// Whether a program takes this form of what falls short of a check.
pub(super) fn takes(fact: &Fact, path: &Path, program: Program) -> bool {
    rules::said(fact, Scene { path, peers: &[] }, program) == Said::Taken
}

/// Who refuses a path for what is true of its certificates.
pub(super) struct Refusers<'a> {
    scene: Scene<'a>,
    /// What no fact speaks of, in the order of [`Program::ALL`].
    besides: OnceCell<Vec<(Program, Vec<Refusal>)>>,
}

impl<'a> Refusers<'a> {
    pub(super) fn new(path: &'a Path, peers: &'a [Peer]) -> Refusers<'a> {
        Refusers { scene: Scene { path, peers }, besides: OnceCell::new() }
    }

    /// What no fact speaks of, of one program. Costs a look at the path by the rules of every program, once.
    fn besides(&self, program: Program) -> &[Refusal] {
        let told = |program| besides(self.scene, program).into_iter().map(|it| it.refusal(program)).collect();
        let all = self.besides.get_or_init(|| Program::ALL.into_iter().map(|it| (it, told(it))).collect());
        all.iter().find(|(known, _)| *known == program).map(|(_, told)| told.as_slice()).unwrap_or_default()
    }

    /// The programs that refuse this form of what falls short of a check, as they are called where they stand for it.
    pub(super) fn of(&self, fact: &Fact, check: &Check) -> Vec<String> {
        let called = |program: Program| {
            let is_of_specimens = rules::said(fact, self.scene, program) == Said::AsOfSpecimens;
            if is_of_specimens && !matches!(fact.kind, Kind::NotAnchored { .. }) {
                let mut answers = answers(check.id).iter();
                return answers.find(|it| it.program == program && it.refused > 0).map(Answer::called);
            }
            let is_same = |it: &&Refusal| it.check.id == check.id && it.position == fact.certificate;
            let told = || self.besides(program).iter().find(is_same).map(|it| it.number);
            let number = refusal(fact, self.scene, program).map(|it| it.number).or_else(told)?;
            Some(number.map_or_else(|| program.title().to_owned(), |number| format!("{} ({number})", program.title())))
        };
        Program::ALL.into_iter().filter_map(called).collect()
    }
}

/// The check whose fact a program may see otherwise than certkit can.
fn unknown(verdict: &Verdict, scene: Scene<'_>, program: Program) -> Option<&'static Check> {
    let fact = verdict.processed.facts.iter().find(|it| rules::said(it, scene, program) == Said::Unknown)?;
    Some(check_for(fact, scene.path))
}

/// A check that speaks against a certificate and that a program was never asked about, or may decide where certkit cannot:
/// where it refuses nothing else, what it says is not known.
pub fn unasked(verdict: &Verdict, program: Program) -> Option<&'static Check> {
    let path = &verdict.path;
    if let Some(check) = unknown(verdict, Scene { path, peers: &[] }, program) {
        return Some(check);
    }
    let is_asked = |check: &Check| answers(check.id).iter().any(|it| it.program == program);
    let is_open = |check: &Check| {
        let mut facts = verdict.processed.facts.iter().filter(|fact| check_for(fact, path).id == check.id).peekable();
        facts.peek().is_none()
            || facts.any(|it| rules::said(it, Scene { path, peers: &[] }, program) == Said::AsOfSpecimens)
    };
    verdict.errors().map(|it| it.check).find(|check| !is_asked(check) && is_open(check))
}

/// Why a program refuses a certificate that cannot be decoded.
pub fn undecodable(program: Program) -> Refusal {
    of_check(&CERTIFICATE_UNDECODABLE, 0, program, None).unwrap_or_else(|| unanchored(0, program, 0))
}

/// Why a program takes no certificate, or not all of them, from a text with anchors: its form, or a block in it that the
/// program cannot decode. Costs about 5 µs a certificate.
pub fn unread(text: &AnchorText, program: Program) -> Option<Refusal> {
    let words = if program == Program::OpenSsl { "Error loading file" } else { "" };
    let told = |check| Refusal { check, position: 0, number: None, words: Cow::Borrowed(words) };
    if text.oddities.iter().any(|it| it.unread_by().contains(&program.title())) {
        return Some(told(&FILE_FORM_UNREAD));
    }
    // The others pass over what they cannot decode.
    if matches!(program, Program::Go | Program::Webpki) {
        return None;
    }
    let damaged = || text.is_damaged.then_some(&CERTIFICATE_UNDECODABLE);
    let stopped = || text.certificates.iter().find_map(|it| stopped_by(it, program));
    damaged().or_else(stopped).map(told)
}

/// Why a program cannot decode a certificate that certkit decodes.
fn stopped_by(certificate: &Certificate, program: Program) -> Option<&'static Check> {
    let path = Path { ids: vec![None], links: Vec::new(), certificates: vec![certificate.clone()], end: End::Anchor };
    let known = [Known::of(certificate)];
    let inputs = Inputs::at(Moment::from_unix(0));
    let mut facts = process(&path, &known, &inputs);
    facts.extend(certificate.first_deviation().map(|error| Fact { certificate: 0, kind: Kind::NotDer(error) }));
    let stops = |fact: &&Fact| match &fact.kind {
        Kind::FieldUnreadable(malformed) if program.has_numbers() => matches!(malformed.part, "subject" | "issuer"),
        Kind::FieldUnreadable(_) => true,
        Kind::ExtensionTwice { .. } => !program.has_numbers(),
        Kind::ExtensionUnreadable { critical, .. } => {
            program == Program::GnuTls || (*critical && program == Program::Java)
        }
        Kind::NotDer(error) => error.is_of_integer(),
        _ => false,
    };
    let scene = Scene { path: &path, peers: &[] };
    facts.iter().filter(stops).find_map(|fact| refusal(fact, scene, program)).map(|it| it.check)
}

fn unanchored(position: usize, program: Program, number: u32) -> Refusal {
    let check = &CHAIN_INCOMPLETE;
    let number = program.has_numbers().then_some(number).filter(|number| *number > 0);
    match of_check(check, position, program, None) {
        // Its words are about one of several ends.
        Some(told) if number.is_some() && told.number != number => Refusal { number, words: Cow::Borrowed(""), ..told },
        Some(told) => told,
        None => Refusal { check, position, number, words: Cow::Borrowed("") },
    }
}

/// A refusal in the words that a program has for a check; `None` where it refuses no specimen of it. `number` counts where
/// the table does not say which of several numbers it is.
fn of_check(check: &'static Check, position: usize, program: Program, number: Option<u32>) -> Option<Refusal> {
    let answer = answers(check.id).iter().find(|it| it.program == program && it.refused > 0)?;
    let own = answer.number();
    let words = match answer.words.split_once(' ') {
        Some((_, words)) if own.is_some() => words,
        _ => answer.words,
    };
    let number = own.or_else(|| number.filter(|_| program.has_numbers() && words.is_empty()));
    Some(Refusal { check, position, number, words: Cow::Borrowed(words) })
}

fn refusal(fact: &Fact, scene: Scene<'_>, program: Program) -> Option<Refusal> {
    let path = scene.path;
    let length = path.certificates.len();
    let number = openssl::of(fact, length).map(|it| it.number);
    if let Kind::NotAnchored { .. } = fact.kind {
        return Some(unanchored(fact.certificate, program, number.unwrap_or_default()));
    }
    let check = check_for(fact, path);
    match rules::said(fact, scene, program) {
        Said::Taken | Said::Unknown => None,
        Said::AsOfSpecimens => of_check(check, fact.certificate, program, number),
        Said::Refused(words) => Some(in_words(check, fact.certificate, program, words)),
    }
}

/// A refusal in these words of a program, which begin with its number where it has numbers.
fn in_words(check: &'static Check, position: usize, program: Program, words: &'static str) -> Refusal {
    let numbered = words.split_once(' ').filter(|_| program.has_numbers());
    let numbered = numbered.and_then(|(number, words)| Some((number.parse().ok()?, words)));
    match numbered {
        Some((number, words)) => Refusal { check, position, number: Some(number), words: Cow::Borrowed(words) },
        None => Refusal { check, position, number: None, words: Cow::Borrowed(words) },
    }
}
