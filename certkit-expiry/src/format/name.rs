//! Reads names back from the form of RFC 4514 that certkit writes.

use crate::hex::octets;

/// The attributes of a name in the order in which they are written, types and values.
pub(super) fn attributes(name: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = name;
    while let Some((kind, value)) = rest.split_once('=') {
        let mut text = Vec::new();
        let mut bytes = value.bytes().enumerate();
        let mut end = value.len();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b',' | b'+' => {
                    end = at;
                    break;
                }
                b'\\' => {
                    let next = at.saturating_add(1);
                    if let Some(octets) = value.get(next..next.saturating_add(2)).and_then(octets) {
                        text.extend(octets);
                        bytes.next();
                    } else if let Some(next) = value.as_bytes().get(next) {
                        text.push(*next);
                    }
                    bytes.next();
                }
                _ => text.push(byte),
            }
        }
        found.push((kind.trim(), String::from_utf8_lossy(&text).into_owned()));
        rest = value.get(end.saturating_add(1)..).unwrap_or_default();
    }
    found
}

/// The first value of a type, such as `CN`.
pub(super) fn first(name: &str, kind: &str) -> Option<String> {
    attributes(name).into_iter().find(|(known, _)| *known == kind).map(|(_, value)| value)
}

/// What people call the bearer: the common name, or the whole where there is none.
pub fn short(name: &str) -> String {
    match first(name, "CN") {
        Some(common) => common,
        None if name.is_empty() => "(without a name)".to_owned(),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        let name = r#"CN=plc\, the 7th\2b1+UID=7,O=A \"B\",OU=Gr\C3\BCn"#;
        let read: Vec<_> = attributes(name);
        let run: Vec<(&str, &str)> = read.iter().map(|(kind, value)| (*kind, value.as_str())).collect();
        assert_eq!(run, [("CN", "plc, the 7th+1"), ("UID", "7"), ("O", "A \"B\""), ("OU", "Grün")]);
        assert_eq!(attributes(r"CN=A\+Dam,O=\+1"), [("CN", "A+Dam".to_owned()), ("O", "+1".to_owned())]);
        assert_eq!(short("O=Plant"), "O=Plant");
        assert_eq!(short(""), "(without a name)");
    }
}
