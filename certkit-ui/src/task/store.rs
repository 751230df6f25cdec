//! The tasks of a trust store. Whatever changes one is told first, and done when it is confirmed.

use serde::Deserialize;

use super::{Order, Password, options, reporting};
use crate::places::{Given, Places, Refusal, fingerprint};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    store: Option<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Add {
    store: Option<Given>,
    inputs: Vec<Given>,
    #[serde(default)]
    list: String,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    reason: String,
    confirmed: bool,
}

/// Where certificates of a store go.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Where {
    Approve,
    Reject,
    Remove,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    store: Option<Given>,
    verb: Where,
    /// Fingerprints.
    meant: Vec<String>,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    reason: String,
    confirmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undo {
    store: Option<Given>,
    confirmed: bool,
}

/// Begins a command that changes a store; before it is confirmed, it only says what it would do.
fn changing(verb: &str, confirmed: bool) -> Order {
    let mut words = reporting(&["trust", verb]);
    if confirmed {
        return Order::writing(words);
    }
    words.flag("dry-run");
    Order::new(words)
}

/// The word for the store.
fn store(given: &Option<Given>, places: &Places<'_>) -> Result<String, Refusal> {
    places.store(given.as_ref().ok_or(Refusal::Missing("refused.missing.store"))?)
}

impl List {
    pub(super) fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = Order::new(reporting(&["trust", "list"]));
        order.passwords("password-file", passwords, places)?;
        order.words.name(store(&self.store, places)?);
        Ok(order)
    }
}

impl Add {
    pub(super) fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = changing("add", self.confirmed);
        order.words.option("list", &self.list);
        options(&mut order.words, "accept", &self.accept);
        order.words.option("reason", &self.reason);
        order.passwords("password-file", passwords, places)?;
        order.words.name(store(&self.store, places)?);
        if self.inputs.is_empty() {
            return Err(Refusal::Missing("refused.missing.file"));
        }
        places.words(&self.inputs)?.into_iter().for_each(|it| order.words.name(it));
        Ok(order)
    }
}

impl Move {
    pub(super) fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        let verb = match self.verb {
            Where::Approve => "approve",
            Where::Reject => "reject",
            Where::Remove => "remove",
        };
        let mut order = changing(verb, self.confirmed);
        options(&mut order.words, "accept", &self.accept);
        order.words.option("reason", &self.reason);
        order.passwords("password-file", passwords, places)?;
        order.words.name(store(&self.store, places)?);
        if self.meant.is_empty() {
            return Err(Refusal::Missing("refused.missing.certificate"));
        }
        self.meant.iter().try_for_each(|it| fingerprint(it).map(|it| order.words.name(it)))?;
        Ok(order)
    }
}

impl Undo {
    pub(super) fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = changing("undo", self.confirmed);
        order.words.name(store(&self.store, places)?);
        Ok(order)
    }
}
