//! What is different from the last time.

use std::collections::BTreeMap;

use certkit_core::moment::Moment;

/// What is remembered of an entry until the next run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The source, as the user named it.
    pub source: String,
    /// The place in the source.
    pub place: String,
    /// The number in its place, counted from 1.
    pub position: u32,
    /// SHA-256 over the whole.
    pub fingerprint: [u8; 32],
    /// SHA-256 over the public key.
    pub key: [u8; 32],
    /// RFC 4514.
    pub subject: String,
    /// RFC 4514.
    pub issuer: String,
    /// What the certificate says identifies its issuer's key, nothing where it does not say; `None` where nobody has looked.
    pub issuer_key_id: Option<Vec<u8>>,
    /// SHA-256 over the key of the issuer, where that was found beside it.
    pub issuer_key: Option<[u8; 32]>,
    /// The end of the validity, where it is known.
    pub not_after: Option<Moment>,
}

/// What became of one remembered place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something stands where nothing stood.
    New(Known),
    /// Nothing stands where something stood, though the source was looked at.
    Gone(Known),
    /// Same subject, same issuer with the same key, later end: what a good renewal looks like.
    Renewed {
        /// What stood there.
        before: Known,
        /// What stands there.
        after: Known,
    },
    /// Anything else stands there.
    Replaced {
        /// What stood there.
        before: Known,
        /// What stands there.
        after: Known,
    },
}

impl Change {
    /// Its name in documents.
    pub fn as_str(&self) -> &'static str {
        match self {
            Change::New(_) => "new",
            Change::Gone(_) => "gone",
            Change::Renewed { .. } => "renewed",
            Change::Replaced { .. } => "replaced",
        }
    }

    /// What stood there before.
    pub fn before(&self) -> Option<&Known> {
        match self {
            Change::New(_) => None,
            Change::Gone(before) | Change::Renewed { before, .. } | Change::Replaced { before, .. } => Some(before),
        }
    }

    /// What stands there now.
    pub fn after(&self) -> Option<&Known> {
        match self {
            Change::Gone(_) => None,
            Change::New(after) | Change::Renewed { after, .. } | Change::Replaced { after, .. } => Some(after),
        }
    }

    /// Says whether the key stayed, where there are two to compare.
    pub fn keeps_key(&self) -> Option<bool> {
        Some(self.before()?.key == self.after()?.key)
    }

    /// Says whether another CA has issued what stands there now, where there are two to compare.
    pub fn changes_issuer(&self) -> Option<bool> {
        Some(!has_same_issuer(self.before()?, self.after()?))
    }

    /// Says whether somebody should ask why: all but a renewal by the same CA.
    pub fn is_unexpected(&self) -> bool {
        !matches!(self, Change::Renewed { .. })
    }
}

/// Compares two runs. `was_looked_at` says of a source and a place whether silence there means anything.
///
/// What has only moved inside its place is no change. Gives the changes in the order of source,
/// place and position.
pub fn changes(before: &[Known], after: &[Known], was_looked_at: impl Fn(&str, &str) -> bool) -> Vec<Change> {
    let mut places: BTreeMap<(&str, &str), [Vec<&Known>; 2]> = BTreeMap::new();
    for (side, all) in [before, after].into_iter().enumerate() {
        for known in all {
            let sides = places.entry((&known.source, &known.place)).or_default();
            if let Some(list) = sides.get_mut(side) {
                list.push(known);
            }
        }
    }
    let mut changes: Vec<Change> = Vec::new();
    for ((source, place), [old, new]) in places {
        let has = |list: &[&Known], known: &Known| list.iter().any(|it| it.fingerprint == known.fingerprint);
        let mut left: Vec<&Known> = old.iter().copied().filter(|known| !has(&new, known)).collect();
        let mut come: Vec<&Known> = new.iter().copied().filter(|known| !has(&old, known)).collect();
        left.sort_by_key(|known| known.position);
        come.sort_by_key(|known| known.position);
        for pairs in [
            |one: &Known, other: &Known| one.subject == other.subject,
            |one: &Known, other: &Known| one.position == other.position,
        ] {
            come.retain(|now| match left.iter().position(|then| pairs(then, now)) {
                None => true,
                Some(at) => {
                    changes.push(exchange(left.remove(at).clone(), (*now).clone()));
                    false
                }
            });
        }
        changes.extend(come.into_iter().map(|now| Change::New(now.clone())));
        if was_looked_at(source, place) {
            changes.extend(left.into_iter().map(|then| Change::Gone(then.clone())));
        }
    }
    changes
}

/// Compares the issuers: their names, and of a CA what both times tell of its key. Anybody may take a CA's name.
fn has_same_issuer(before: &Known, after: &Known) -> bool {
    let is_own = before.issuer == before.subject && after.issuer == after.subject;
    let is_same_id =
        before.issuer_key_id.is_none() || after.issuer_key_id.is_none() || before.issuer_key_id == after.issuer_key_id;
    let is_same_key =
        before.issuer_key.is_none() || after.issuer_key.is_none() || before.issuer_key == after.issuer_key;
    before.issuer == after.issuer && (is_own || is_same_id && is_same_key)
}

fn exchange(before: Known, after: Known) -> Change {
    // Who signs for himself proves with his key that he is the same.
    let is_same_issuer = has_same_issuer(&before, &after) && (after.issuer != after.subject || before.key == after.key);
    let is_renewed = before.subject == after.subject && is_same_issuer && before.not_after < after.not_after;
    if is_renewed { Change::Renewed { before, after } } else { Change::Replaced { before, after } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(source: &str, mark: u8, end: i64) -> Known {
        Known {
            source: source.to_owned(),
            place: String::new(),
            position: 1,
            fingerprint: [mark; 32],
            key: [1; 32],
            subject: "CN=plc7".to_owned(),
            issuer: "CN=Plant CA".to_owned(),
            issuer_key_id: Some(vec![7]),
            issuer_key: None,
            not_after: Some(Moment::from_unix(end)),
        }
    }

    #[test]
    fn changes_have_their_names() {
        let before = [known("same", 1, 9), known("gone", 1, 9), known("renewed", 1, 9), known("silent", 1, 9)];
        let mut shorter = known("shorter", 2, 8);
        let mut other = known("renewed", 2, 10);
        other.key = [2; 32];
        shorter.issuer = "CN=Another CA".to_owned();
        let own = |mark: u8, end| Known {
            issuer: "CN=plc7".to_owned(),
            key: [mark; 32],
            fingerprint: [mark; 32],
            ..known("z-self-signed", 1, end)
        };
        let before = [&before[..], &[known("shorter", 1, 9), own(1, 9)]].concat();
        let after = [known("same", 1, 9), other, shorter, known("new", 1, 9), own(2, 10)];
        let found = changes(&before, &after, |source, _| source != "silent");
        let run: Vec<_> = found.iter().map(|it| (it.as_str(), it.keeps_key(), it.changes_issuer())).collect();
        assert_eq!(
            run,
            [
                ("gone", None, None),
                ("new", None, None),
                ("renewed", Some(false), Some(false)),
                ("replaced", Some(true), Some(true)),
                ("replaced", Some(false), Some(false)),
            ]
        );
        assert!(changes(&before, &before, |_, _| true).is_empty());
    }

    #[test]
    fn a_ca_of_the_same_name_with_another_key_is_another() {
        let before = known("plc7", 1, 9);
        let then = |change: fn(&mut Known)| {
            let mut after = known("plc7", 2, 10);
            change(&mut after);
            let found = changes(std::slice::from_ref(&before), &[after], |_, _| true);
            (found[0].as_str(), found[0].changes_issuer())
        };
        assert_eq!(then(|_| ()), ("renewed", Some(false)));
        assert_eq!(then(|after| after.issuer_key_id = Some(vec![8])), ("replaced", Some(true)));
        // It says no more who has issued it.
        assert_eq!(then(|after| after.issuer_key_id = Some(Vec::new())), ("replaced", Some(true)));
        // What an earlier certkit remembers tells nothing of keys.
        assert_eq!(then(|after| after.issuer_key_id = None), ("renewed", Some(false)));
        let mut known_key = before.clone();
        known_key.issuer_key = Some([1; 32]);
        let mut forged = known("plc7", 2, 10);
        forged.issuer_key = Some([2; 32]);
        assert_eq!(changes(&[known_key], &[forged], |_, _| true)[0].as_str(), "replaced");
    }

    #[test]
    fn what_moves_inside_of_its_place_is_no_change() {
        let mut first = known("bundle", 1, 9);
        first.subject = "CN=plc1".to_owned();
        let mut second = known("bundle", 2, 9);
        second.position = 2;
        let mut moved = second.clone();
        moved.position = 1;
        let found = changes(&[first.clone(), second], &[moved], |_, _| true);
        assert_eq!(found, [Change::Gone(first)]);
    }
}
