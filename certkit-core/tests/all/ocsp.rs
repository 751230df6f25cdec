//! What the answers of openssl's responder say, and what broken ones do not.

use std::path::PathBuf;

use certkit_core::cert::{Certificate, Known, OcspResponse, ResponseStatus, RevocationList};
use certkit_core::moment::{DAY, Moment};
use certkit_core::path::revocation::{
    Evidence, Lists, Reason, Responses, Sources, Status, WhyUseless, ocsp_request, statuses,
};
use certkit_core::path::{Budget, Path, Pool, Search};

fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/ocsp");
    std::fs::read(folder.join(name)).unwrap()
}

fn certificate(name: &str) -> Certificate {
    let pem = pem::parse(file(&format!("{name}.pem"))).unwrap();
    Certificate::from_der(pem.contents()).unwrap()
}

fn response(name: &str) -> OcspResponse {
    OcspResponse::from_der(&file(&format!("{name}.der"))).unwrap()
}

/// A minute after the answers were made.
fn moment() -> Moment {
    let response = response("checked-of-ca");
    let single = response.singles().next().unwrap();
    single.this_update.plus(60)
}

struct Question<'a> {
    leaf: &'a str,
    material: &'a [&'a str],
    lists: Lists,
    moment: Moment,
    accepts: bool,
}

fn about(leaf: &str) -> Question<'_> {
    Question { leaf, material: &[], lists: Lists::new(), moment: moment(), accepts: true }
}

impl Question<'_> {
    fn ask(&self, given: &[OcspResponse]) -> Status {
        let mut pool = Pool::new();
        pool.add_anchor(certificate("ca"));
        self.material.iter().for_each(|name| _ = pool.add(certificate(name)));
        let path = Search::new(&pool, &certificate(self.leaf), self.moment, Budget::default()).best();
        assert!(path.is_anchored());
        let mut responses = Responses::new();
        given.iter().for_each(|it| _ = responses.add(it.clone()));
        let accepts = |_: &Path, _: &[Known<'_>]| self.accepts;
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let (lists, moment, budget) = (&self.lists, self.moment, Budget::default());
        let sources = Sources { pool: &pool, lists, responses: &responses, moment, budget, accepts: &accepts };
        statuses(&path, &known, &sources).remove(0)
    }

    fn named(&self, name: &str) -> Status {
        self.ask(&[response(name)])
    }

    fn why(&self, name: &str) -> WhyUseless {
        match self.named(name) {
            Status::Unknown { useless, .. } if useless.len() == 1 => {
                assert_eq!(useless[0].by, Evidence::Response(0));
                useless[0].why.clone()
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

fn good() -> Status {
    Status::Good {
        by: vec![Evidence::Response(0)],
        departures: Vec::new(),
        weak: Vec::new(),
        misnamed: None,
        untaken: None,
    }
}

#[test]
fn answers_of_the_ca_and_of_those_it_has_authorised_count() {
    for name in
        ["good-of-ca", "good-sha256", "good-key-id", "good-without-end", "good-delegated", "good-delegated-key-id"]
    {
        assert_eq!(about("good").named(name), good(), "{name}");
    }
    // The responder's certificate may come from elsewhere.
    assert_eq!(about("good").why("good-delegated-bare"), WhyUseless::SignerMissing);
    assert_eq!(Question { material: &["responder"], ..about("good") }.named("good-delegated-bare"), good());
}

#[test]
fn revoked_ones_stay_so_when_the_answer_is_old_unless_they_were_on_hold() {
    let revoked = |reason: u8| Status::Revoked {
        by: Evidence::Response(0),
        since: "2026-01-01".parse().unwrap(),
        reason: Some(Reason(reason)),
    };
    assert_eq!(about("revoked").named("revoked-of-ca"), revoked(1));
    assert_eq!(about("held").named("held-of-ca"), revoked(6));
    let late = |leaf| Question { moment: moment().plus(8 * DAY), ..about(leaf) };
    assert_eq!(late("revoked").named("revoked-of-ca"), revoked(1));
    assert!(matches!(late("held").why("held-of-ca"), WhyUseless::Expired { .. }));
    // What is dated ahead has revoked what was revoked before; a hold is in doubt.
    let early = |leaf| Question { moment: moment().plus(-DAY), ..about(leaf) };
    assert_eq!(early("revoked").named("revoked-of-ca"), revoked(1));
    assert!(matches!(early("held").named("held-of-ca"), Status::Unknown { is_in_doubt: true, .. }));
    assert!(matches!(early("unheard").named("unheard-of-ca"), Status::Unknown { is_in_doubt: true, .. }));
    assert!(matches!(early("good").named("good-of-ca"), Status::Unknown { is_in_doubt: false, .. }));
}

#[test]
fn why_an_answer_does_not_count_is_told_apart() {
    assert_eq!(about("good").why("try-later"), WhyUseless::NoAnswer(ResponseStatus::TryLater));
    assert_eq!(about("unheard").why("unheard-of-ca"), WhyUseless::NotKnown);
    assert_eq!(about("good").why("good-careless"), WhyUseless::SignerMayNot { names_it: false });
    assert_eq!(about("good").why("good-stranger"), WhyUseless::SignerUnproven);
    let strict = Question { accepts: false, ..about("good") };
    assert_eq!(strict.why("good-delegated"), WhyUseless::SignerUnproven);
    assert_eq!(strict.named("good-of-ca"), good());
    // Of what has nothing to do with the certificate nothing is said.
    assert_eq!(about("good").named("revoked-of-ca"), Status::Unknown { useless: Vec::new(), is_in_doubt: false });

    let at = |seconds| Question { moment: moment().plus(seconds), ..about("good") };
    assert!(matches!(at(8 * DAY).why("good-of-ca"), WhyUseless::Expired { .. }));
    assert_eq!(at(6 * DAY).named("good-of-ca"), good());
    assert!(matches!(at(6 * DAY).why("good-without-end"), WhyUseless::Expired { .. }));
    assert!(matches!(at(-DAY).why("good-of-ca"), WhyUseless::NotYetValid { .. }));
    assert_eq!(at(-200).named("good-of-ca"), good());
}

#[test]
fn a_responder_may_be_revoked_itself() {
    assert_eq!(about("good").named("good-checked"), good());
    let both = [response("good-checked"), response("checked-of-ca")];
    match about("good").ask(&both) {
        Status::Unknown { useless, .. } => assert_eq!(useless[0].why, WhyUseless::SignerUnproven),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_newer_answer_counts_and_lists_are_heard_beside_answers() {
    let responses = [response("good-delegated"), response("good-of-ca")];
    assert!(matches!(about("good").ask(&responses), Status::Good { .. }));
    let mut question = about("good");
    // A list of another CA changes nothing.
    let pem = pem::parse(include_bytes!("../../../testdata/ocsp/foreign-list.pem")).unwrap();
    question.lists.add(RevocationList::from_der(pem.contents()).unwrap());
    assert_eq!(question.named("good-of-ca"), good());
    // What a list has revoked, no answer clears; what an answer has revoked, no list clears.
    let pem = pem::parse(include_bytes!("../../../testdata/ocsp/list.pem")).unwrap();
    let list = RevocationList::from_der(pem.contents()).unwrap();
    question.lists.add(list.clone());
    assert!(matches!(question.named("good-of-ca"), Status::Revoked { by: Evidence::List(1), .. }));
    let mut question = about("revoked");
    question.lists.add(list);
    assert!(matches!(question.ask(&[]), Status::Good { .. }));
    assert!(matches!(question.named("revoked-of-ca"), Status::Revoked { by: Evidence::Response(0), .. }));
}

/// An answer that begins so many minutes later than its signature says, and was made a minute after that.
fn damaged(name: &str, minutes: u8) -> OcspResponse {
    let mut der = file(&format!("{name}.der"));
    let since = response(name).singles().next().unwrap().this_update;
    let digits = |moment: Moment| {
        let text: String = moment.to_minute().chars().filter(char::is_ascii_digit).collect();
        text.into_bytes()
    };
    let old = digits(since);
    let mut made = Some(minutes + 1);
    for at in 0..der.len() - old.len() {
        if der[at..].starts_with(&old) {
            let later = made.take().unwrap_or(minutes);
            der[at..at + old.len()].copy_from_slice(&digits(since.plus(60 * i64::from(later))));
        }
    }
    OcspResponse::from_der(&der).unwrap()
}

#[test]
fn what_may_be_a_newer_answer_and_does_not_verify_keeps_older_ones_from_clearing() {
    let later = Question { moment: moment().plus(600), ..about("good") };
    let older = response("good-of-ca");
    assert!(matches!(later.ask(std::slice::from_ref(&older)), Status::Good { .. }));
    for newer in ["good-of-ca", "good-delegated", "good-sha256"] {
        for responses in [[older.clone(), damaged(newer, 2)], [damaged(newer, 2), older.clone()]] {
            let status = later.ask(&responses);
            assert!(matches!(status, Status::Unknown { is_in_doubt: true, .. }), "{newer}: {status:?}");
        }
    }
    // A good one of the same age outweighs it, as with lists; and no list clears what is in doubt.
    assert!(matches!(later.ask(&[older.clone(), damaged("good-delegated", 0)]), Status::Good { .. }));
    // Unless it has something against the certificate.
    let mut unknown = file("good-of-ca.der");
    let status = unknown.windows(2).position(|it| it == b"\x80\x00").unwrap();
    unknown[status] = 0x82;
    let unknown = OcspResponse::from_der(&unknown).unwrap();
    for responses in [[older.clone(), unknown.clone()], [unknown, older]] {
        assert!(matches!(later.ask(&responses), Status::Unknown { is_in_doubt: true, .. }));
    }
    let mut listed = Question { moment: moment().plus(600), ..about("good") };
    let pem = pem::parse(include_bytes!("../../../testdata/ocsp/list.pem")).unwrap();
    listed.leaf = "held";
    listed.lists.add(RevocationList::from_der(pem.contents()).unwrap());
    assert!(matches!(listed.ask(&[]), Status::Good { .. }));
    assert!(matches!(listed.ask(&[damaged("held-of-ca", 2)]), Status::Unknown { is_in_doubt: true, .. }));
}

#[test]
fn no_broken_answer_counts() {
    let question = Question { material: &["responder"], ..about("good") };
    let whole = file("good-delegated-bare.der");
    let mut was_read = 0;
    for at in 0..whole.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut broken = whole.clone();
            broken[at] ^= flip;
            let Ok(response) = OcspResponse::from_der(&broken) else { continue };
            was_read += 1;
            let status = question.ask(&[response]);
            assert!(matches!(status, Status::Unknown { .. }), "byte {at} with {flip:02x}: {status:?}");
        }
    }
    assert!(was_read > 100, "{was_read}");
    for end in 0..whole.len() {
        assert!(OcspResponse::from_der(&whole[..end]).is_err());
    }
    // Nor does any answer turn what is revoked into good, the certificates beside it broken or not.
    let whole = file("revoked-of-ca.der");
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x01;
        let Ok(response) = OcspResponse::from_der(&broken) else { continue };
        assert!(!matches!(about("revoked").ask(&[response]), Status::Good { .. }), "byte {at}");
    }
}

#[test]
fn a_question_is_what_openssl_asks() {
    let ca = certificate("ca");
    let ours = ocsp_request(&certificate("good"), &ca.public_key().unwrap());
    assert_eq!(ours, Ok(file("request.der")));
}
