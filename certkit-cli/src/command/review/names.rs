//! The names of sources: one source has one name, however it was typed.

use std::env;
use std::path::{Component, Path, PathBuf};

/// The name of a source as reports, waivers and baselines have it: files without `./`, and below the working folder from
/// there; hosts in lower case.
pub(super) fn tidy(at: &str) -> String {
    let Some((scheme, rest)) = at.split_once("://") else { return tidy_path(at) };
    let end = rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len());
    let (authority, resource) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // What follows a blank is the port of a host that was probed.
    let resource = match resource {
        "/" => String::new(),
        it if it.starts_with(' ') => it.to_ascii_lowercase(),
        it => it.to_owned(),
    };
    format!("{}://{}{resource}", scheme.to_ascii_lowercase(), authority.to_ascii_lowercase())
}

fn tidy_path(at: &str) -> String {
    let path = Path::new(at);
    let below = env::current_dir().ok().and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    let path = below.unwrap_or_else(|| path.to_owned());
    let path: PathBuf = path.components().filter(|it| *it != Component::CurDir).collect();
    if path.as_os_str().is_empty() { at.to_owned() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn one_source_has_one_name() {
        let folder = std::env::current_dir().unwrap();
        for (typed, name) in [
            ("line.json", "line.json"),
            ("./line.json", "line.json"),
            ("./a/./line.json", "a/line.json"),
            ("../line.json", "../line.json"),
            (".", "."),
            ("Line.json", "Line.json"),
            ("KEPWARE://Kep7/", "kepware://kep7"),
            ("kepware+https://KEP7:57512", "kepware+https://kep7:57512"),
            ("https://Kep7/In?Key", "https://kep7/In?Key"),
            ("kepware://Kep7 (Kep7:49320)", "kepware://kep7 (kep7:49320)"),
        ] {
            assert_eq!(tidy(typed).replace('\\', "/"), name, "{typed}");
        }
        assert_eq!(tidy(&folder.join("line.json").display().to_string()), "line.json");
    }
}
