//! Events of Windows as XML: each becomes one line.

use std::borrow::Cow;

/// The longest event that is held, in bytes.
pub(super) const LONGEST: usize = 1 << 18;

/// Ends an event.
pub(super) const END: &[u8] = b"</Event>";

/// Says whether a log begins as an export of events does.
pub(super) fn is_xml(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start.get(..start.len().min(1024)).unwrap_or_default()).into_owned();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let is_xml = start.starts_with("<?xml") && (start.contains("<Events") || start.contains("<Event"));
    is_xml || start.starts_with("<Events") || start.starts_with("<Event ") || start.starts_with("<Event>")
}

/// Writes an event as a line: time, level, source, number, computer, then the message or what the event has in its place.
pub(super) fn line(event: &str) -> String {
    let attribute = |tag: &str, name: &str| -> String {
        let rest = event.split_once(tag).map(|(_, rest)| rest).unwrap_or_default();
        let inside = rest.split_once('>').map(|(inside, _)| inside).unwrap_or_default();
        let value =
            inside.split_once(name).and_then(|(_, rest)| rest.trim_start().strip_prefix('=')).unwrap_or_default();
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
        let value = quote.and_then(|quote| value.get(1..)?.split(quote).next()).unwrap_or_default();
        plain(value).into_owned()
    };
    let element = |tag: &str| -> String {
        let rest = event.split_once(&format!("<{tag}")).map(|(_, rest)| rest).unwrap_or_default();
        let rest = rest.split_once('>').map(|(_, rest)| rest).unwrap_or_default();
        plain(rest.split_once("</").map(|(text, _)| text).unwrap_or_default()).trim().to_owned()
    };
    let message = element("Message");
    let mut data = Vec::new();
    for piece in event.split("<Data").skip(1) {
        let Some((head, rest)) = piece.split_once('>') else { continue };
        let text = rest.split_once("</").map(|(text, _)| text).unwrap_or_default();
        let name =
            head.split_once("Name=").map(|(_, name)| name.trim_matches(['"', '\'', '/', ' '])).unwrap_or_default();
        if !text.trim().is_empty() {
            data.push(if name.is_empty() { plain(text).into_owned() } else { format!("{name}: {}", plain(text)) });
        }
    }
    let source = attribute("<Provider", "Name");
    let time = attribute("<TimeCreated", "SystemTime");
    // Levels of events: 4 is information, 5 more than that.
    let level = if ["4", "5"].contains(&element("Level").as_str()) { "Level: Information, " } else { "" };
    let line = format!(
        "{time} {source}, Event ID: {}, {level}Computer: {}, {message} {}",
        element("EventID"),
        element("Computer"),
        data.join(", ")
    );
    line.replace(['\n', '\r'], " ")
}

/// Puts the letters in place of XML's names for them.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let names = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#13;", " "),
        ("&#10;", " "),
        ("&#xD;", " "),
    ];
    let text = names.iter().fold(text.to_owned(), |text, (name, letter)| text.replace(name, letter));
    Cow::Owned(text.replace("&#xA;", " ").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_becomes_a_line() {
        let event = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Schannel' \
                     Guid='{1f678132-5938-4686-9fdc-c8ff68f15c85}'/><EventID>36887</EventID><TimeCreated \
                     SystemTime='2026-10-05T05:12:44.1234567Z'/><Computer>KEPSRV01</Computer></System><EventData><Data \
                     Name='AlertDesc'>48</Data><Data Name='x'>a &lt; b</Data></EventData></Event>";
        assert_eq!(
            line(event),
            "2026-10-05T05:12:44.1234567Z Schannel, Event ID: 36887, Computer: KEPSRV01,  AlertDesc: 48, x: a < b"
        );
        assert!(is_xml(event.as_bytes()) && is_xml(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\r\n<Events>"));
        assert!(!is_xml(b"<13>Oct 5 x") && !is_xml(b""));
        for broken in ["", "<Event", "<Provider Name=", "<Provider Name='x", "<Data", "<Data>", "<EventID"] {
            line(broken);
        }
    }
}
