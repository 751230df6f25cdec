//! A command line in the making.

use certkit_core::text::Address;

/// The words of a command line, the name of the program left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    options: Vec<String>,
    named: Vec<String>,
}

impl CommandLine {
    /// Begins with the command.
    pub(crate) fn new(command: &[&str]) -> CommandLine {
        CommandLine { options: command.iter().map(ToString::to_string).collect(), named: Vec::new() }
    }

    /// Adds an option without a value.
    pub(crate) fn flag(&mut self, name: &str) {
        self.options.push(format!("--{name}"));
    }

    /// Adds an option with a value, unless that is empty. Name and value are one word: no value is taken for an option.
    pub(crate) fn option(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.options.push(format!("--{name}={value}"));
        }
    }

    /// Adds what a command is about. Nothing of it is taken for an option.
    pub(crate) fn name(&mut self, name: impl Into<String>) {
        self.named.push(name.into());
    }

    /// All words in their order.
    pub(crate) fn all(&self) -> Vec<String> {
        // What begins with a dash is no option here.
        let needs_end = self.named.iter().any(|it| it.starts_with('-'));
        let end = needs_end.then(|| "--".to_owned());
        self.options.iter().cloned().chain(end).chain(self.named.iter().cloned()).collect()
    }

    /// As it is typed.
    pub(crate) fn typed(&self) -> String {
        let words = self.all();
        // A password before a host is not shown.
        let shown = |it: &String| if it.contains("://") { Address::new(it.as_str()).to_string() } else { it.clone() };
        let words = words.iter().map(|it| quoted(&shown(it)));
        std::iter::once("certkit".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// A word as a shell takes it: cmd and PowerShell on Windows, any other elsewhere.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "-_=./:,@+[]".contains(it) || (cfg!(windows) && it == '\\');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{}\"", word.replace('"', "\"\""))
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_somebody_typed_becomes_an_option() {
        let mut words = CommandLine::new(&["check"]);
        words.option("host", "--output=x");
        words.name("--output");
        words.name("-");
        assert_eq!(words.all(), ["check", "--host=--output=x", "--", "--output", "-"]);
    }

    #[test]
    #[cfg(not(windows))]
    fn the_line_can_be_typed_as_it_is_shown() {
        let mut words = CommandLine::new(&["generate", "opcua"]);
        words.option("name", "Line 3's server");
        assert_eq!(words.typed(), r"certkit generate opcua '--name=Line 3'\''s server'");
    }
}
