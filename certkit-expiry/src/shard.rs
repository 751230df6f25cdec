//! Splits an inventory over machines.

use std::fmt;

use certkit_core::crypto::digest;

/// One part of an inventory: what its hash says belongs to it, the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

/// Says why a text is no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no shard: expected I/N with I from 0 to N-1, such as 0/8")]
pub struct ShardError {
    /// What was read.
    pub text: String,
}

impl Shard {
    /// Takes part `index`, counted from 0, of `count`.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn new(index: u32, count: u32) -> Result<Shard, ShardError> {
        if index < count { Ok(Shard { index, count }) } else { Err(ShardError { text: format!("{index}/{count}") }) }
    }

    /// Which part, counted from 0.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Of how many.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Says whether a place belongs to this part: the first eight bytes of the SHA-256 of its
    /// name, as a number, leave this index when divided by the count.
    pub fn has(self, name: &str) -> bool {
        let digest = digest::sha256(name.as_bytes());
        let first = digest.first_chunk::<8>().map_or(0, |head| u64::from_be_bytes(*head));
        first.checked_rem(u64::from(self.count)) == Some(u64::from(self.index))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl std::str::FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let error = || ShardError { text: text.to_owned() };
        let (index, count) = text.split_once('/').ok_or_else(error)?;
        match (index.parse(), count.parse()) {
            (Ok(index), Ok(count)) => Shard::new(index, count).map_err(|_| error()),
            _ => Err(error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_belongs_to_exactly_one_part_and_always_to_the_same() {
        let shards: Vec<Shard> = (0..4).map(|index| Shard::new(index, 4).unwrap()).collect();
        let mut sizes = [0; 4];
        for number in 0..4000 {
            let name = format!("https://host{number}.plant.example");
            let owners: Vec<_> = shards.iter().filter(|shard| shard.has(&name)).collect();
            assert_eq!(owners.len(), 1, "{name}");
            sizes[owners[0].index() as usize] += 1;
        }
        assert!(sizes.iter().all(|size| (900..1100).contains(size)), "{sizes:?}");
        // What the hash gives is a promise: machines of different versions share the work.
        assert!("0/4".parse::<Shard>().unwrap().has("https://plc7.plant.example"));
    }

    #[test]
    fn shards_are_counted_from_zero() {
        for bad in ["", "1", "/", "4/4", "0/0", "-1/2", "a/b"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        assert_eq!("3/4".parse::<Shard>().unwrap().to_string(), "3/4");
    }
}
