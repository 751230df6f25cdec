//! Names of files that are made of what strangers have written.

/// The names that Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Says whether Windows takes the name of a file for that of a device.
pub fn is_device(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end().to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| {
        let mut letters = number.chars();
        matches!((letters.next(), letters.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    is_port || DEVICES.contains(&stem.as_str())
}

/// Says whether a letter may stand in the name of a file: none that a file system gives a meaning, that a terminal
/// obeys, or that hides what the name is.
pub fn is_fit(letter: char) -> bool {
    !"<>:\"/\\|?*".contains(letter) && crate::text::is_printable(letter)
}

/// Says whether a text that a user or stranger chose may be the name of a file, here and on Windows.
pub fn is_name(name: &str) -> bool {
    let is_trimmed = !name.ends_with([' ', '.']) && !name.starts_with(' ');
    !name.is_empty() && name.len() <= 200 && is_trimmed && name.chars().all(is_fit) && !is_device(name)
}

/// The name of a file that is called as others chose: so where that may be one, else as far as it is fit.
pub fn chosen(text: &str) -> String {
    let name = if is_name(text) { text.to_owned() } else { fitted(text, '_') };
    if name.is_empty() { "certificate".to_owned() } else { name }
}

/// Makes the name of a file out of a text, at most 48 letters: what does not fit is put in place by `substitute`.
///
/// Gives nothing where nothing is left. Without an extension it may still be too short to tell files apart.
pub fn fitted(text: &str, substitute: char) -> String {
    let keep = |letter: char| if is_fit(letter) { letter } else { substitute };
    // With a thumbprint it stays below the 255 bytes that file systems allow, whatever the script.
    let name: String = text.chars().map(keep).take(48).collect();
    let name = name.trim_matches(|letter: char| letter == '.' || letter == ' ');
    if is_device(name) { format!("{substitute}{name}") } else { name.to_owned() }
}
