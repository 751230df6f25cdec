//! Encryption and authentication with passwords, as PKCS#5, PKCS#12 and Java have them.
//!
//! Opens whatever stores and keys are encrypted with, old ciphers among them, and
//! writes two sets: a current one and one that Java 8 reads. Does not judge the
//! strength of a scheme; that is up to the caller. A wrong password and damaged bytes
//! give the same error here; callers that know the format can distinguish them.

mod cipher;
pub(super) use cipher::Cipher;
mod derive;
pub mod java;
mod mac;
pub mod openssl;
mod scheme;
mod structure;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::random::NoRandomness;
use crate::asn1;
use crate::asn1::typed::NotWritten;

pub use self::mac::Mac;
pub use self::scheme::{Encrypted, Scheme, encrypt, name_of};

/// The most iterations that one key derivation may ask for: a hostile file must not cost minutes.
pub const MAX_ITERATIONS: u32 = 5_000_000;

/// Says why something could not be decrypted, encrypted or authenticated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The password is wrong, or the encrypted bytes are damaged.
    #[error("the password does not open it")]
    NotOpened,
    /// The scheme is none of those that certkit knows.
    #[error("certkit does not support the scheme {scheme}")]
    Unsupported {
        /// Its name or its identifier.
        scheme: String,
    },
    /// The scheme's parameters cannot be read.
    #[error("the parameters of its encryption cannot be read")]
    Damaged(#[from] asn1::Error),
    /// It asks for more work than any honest file.
    #[error("it requires {iterations} password iterations, more than certkit allows for {}", FOR_WHAT)]
    TooCostly {
        /// How many it asks for.
        iterations: u32,
    },
    /// A character that the scheme has no way to write.
    #[error("the password has characters outside ASCII, which this scheme does not support")]
    Characters,
    /// It has no form in DER.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// No random salt.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The backend failed.
    #[error("the cryptographic backend failed")]
    Backend,
}

/// A password as a scheme is given it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Password<'a> {
    /// None at all, which PKCS#12 tells from an empty one.
    Absent,
    /// UTF-8; bytes that are no UTF-8 count as Latin-1.
    Text(&'a [u8]),
    /// Every byte is one character, as OpenSSL before version 1.1 had it.
    Octets(&'a [u8]),
}

impl<'a> Password<'a> {
    /// The bytes, as PKCS#5 takes them.
    fn bytes(self) -> &'a [u8] {
        match self {
            Password::Absent => &[],
            Password::Text(bytes) | Password::Octets(bytes) => bytes,
        }
    }
}

/// How much work one file may ask for, all of its parts together; every derivation draws from it before it begins.
///
/// A unit is about one iteration of PBKDF2 with HMAC-SHA256. Whoever reads a file makes one budget and hands it on to
/// every part, so that many small demands cost no more than a large one.
#[derive(Debug)]
pub struct Budget {
    left: u64,
    /// What of it counts for this file alone.
    own: u64,
}

/// What is beyond the budget, as messages say it.
pub(crate) const FOR_WHAT: &str = "one file, or for all files of a run";

/// What a file may ask for whatever the others of a run do: no less than a key as certkit encrypts it.
const OWN: u64 = 650_000;

/// What all files of a run may ask for together beyond that.
const RUN: u64 = 4 * FILE;

/// What is left of that, where the process is one run.
static LEFT_OF_RUN: OnceLock<AtomicU64> = OnceLock::new();

/// Takes everything that this process reads from here on for one run: a folder of many files, each of which asks for
/// as much as a file may, costs no more than the run's budget and what honest files of that number cost. Calls that
/// follow change nothing.
///
/// For a program that reads what it is given, and ends; in one that goes on, each file has its own budget alone.
pub fn bound_run() {
    LEFT_OF_RUN.get_or_init(|| AtomicU64::new(RUN));
}

/// Draws from a run's budget, and says whether it was enough.
fn draw(run: Option<&AtomicU64>, units: u64) -> bool {
    let spend = |left: u64| left.checked_sub(units);
    units == 0 || run.is_none_or(|run| run.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok())
}

/// The work for one file: some seconds. It opens 26 keys as certkit encrypts them, or 160 as it puts them into stores.
const FILE: u64 = 16_000_000;

impl Budget {
    /// The budget of one file.
    pub fn for_file() -> Budget {
        Budget::for_files(1)
    }

    /// The budget of several files whose parts are worked on together.
    pub fn for_files(count: usize) -> Budget {
        Budget { left: FILE.saturating_mul(count as u64), own: OWN.saturating_mul(count as u64) }
    }

    /// Draws what so many iterations cost, of `weight` units each.
    fn take(&mut self, iterations: u32, weight: u64) -> Result<(), Error> {
        let too_costly = Error::TooCostly { iterations };
        if iterations > MAX_ITERATIONS {
            return Err(too_costly);
        }
        self.spend(u64::from(iterations).saturating_mul(weight), LEFT_OF_RUN.get()).then_some(()).ok_or(too_costly)
    }

    /// Draws so many units, or none; says whether there were as many.
    fn spend(&mut self, units: u64, run: Option<&AtomicU64>) -> bool {
        let Some(left) = self.left.checked_sub(units) else { return false };
        if !draw(run, units.saturating_sub(self.own)) {
            return false;
        }
        self.left = left;
        self.own = self.own.saturating_sub(units);
        true
    }
}

#[cfg(all(test, feature = "legacy-crypto"))]
impl Budget {
    /// A budget of so many units.
    pub(crate) fn of(units: u64) -> Budget {
        Budget { left: units, own: units }
    }

    /// How many units are left.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_of_a_run_ask_for_no_more_than_honest_ones_and_its_budget() {
        let run = AtomicU64::new(RUN);
        let spent: u64 = (0..1000)
            .map(|_| {
                let mut budget = Budget::for_file();
                let rounds = (0..40).filter(|_| budget.spend(OWN / 2, Some(&run))).count();
                assert!(rounds >= 2, "a file has what honest ones ask for");
                rounds as u64 * (OWN / 2)
            })
            .sum();
        assert!(spent <= RUN + 1000 * OWN && spent > RUN, "{spent}");
        // Without a run, each has its own.
        assert!(Budget::for_file().spend(FILE, None) && !Budget::for_file().spend(FILE + 1, None));
    }
}

/// A set of ciphers for what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protection {
    /// AES-256 and HMAC-SHA256: for openssl since 1.1, Java since 8u301, Windows since 2019.
    Modern,
    /// 3DES and HMAC-SHA1: for every reader there is; the weaker one.
    Java8,
}

impl Protection {
    /// How often the password is hashed: for each key, each set of certificates and the MAC of a store.
    ///
    /// Java 8 is slow at its own derivation, and the ciphers are weaker than the password anyway.
    pub const fn iterations(self) -> u32 {
        match self {
            Protection::Modern => 100_000,
            Protection::Java8 => 50_000,
        }
    }
}
