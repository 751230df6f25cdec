//! `certkit expiry install` as an administrator types it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn certkit(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit"))
        .current_dir(folder)
        .args(["expiry", "install"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
#[cfg(unix)]
fn the_line_of_cron_does_what_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("it's 20% of $HOME `id`");
    std::fs::create_dir(&odd).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks/not-a-ca/good.pem");
    std::fs::copy(root, odd.join("a \"b\" 5%.pem")).unwrap();
    let run = certkit(&odd, &["--cron", "--at", "05:07", "--", "--at", "2026-01-01", "--json", "a \"b\" 5%.pem"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let stdout = text(&run.stdout);
    let line = stdout.lines().find(|line| !line.starts_with('#')).unwrap();
    let command = line.strip_prefix("7 5 * * * ").unwrap_or_else(|| panic!("{line}"));
    // As crontab(5) has it: an escaped percent sign is one, a bare one would end the command.
    assert!(!command.replace(r"\%", "").contains('%'), "{command}");
    let done = Command::new("sh").arg("-c").arg(command.replace(r"\%", "%")).current_dir("/").output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(report["entries"][0]["source"], "a \"b\" 5%.pem");
}

#[test]
fn the_units_of_systemd_may_write_where_the_run_does_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let run = certkit(
        folder.path(),
        &[
            "--systemd",
            "-o",
            ".",
            "--",
            "pki",
            "--state",
            "/var/lib/certkit/s.db",
            "--format",
            "prometheus",
            "-o",
            "out/a.prom",
        ],
    );
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let service = std::fs::read_to_string(folder.path().join("certkit-expiry.service")).unwrap();
    let places = service.lines().find(|line| line.starts_with("ReadWritePaths=")).unwrap();
    assert!(places.contains("/var/lib/certkit\"") && places.contains("/out\""), "{places}");
    assert!(service.contains("ProtectSystem=strict") && service.contains("NoNewPrivileges=yes"));
    let timer = std::fs::read_to_string(folder.path().join("certkit-expiry.timer")).unwrap();
    assert!(timer.contains("OnCalendar=*-*-* 06:00:00"), "{timer}");

    let again = certkit(folder.path(), &["--systemd", "-o", ".", "--", "other"]);
    assert_eq!(again.status.code(), Some(3));
    assert_eq!(std::fs::read_to_string(folder.path().join("certkit-expiry.service")).unwrap(), service);
    assert_eq!(certkit(folder.path(), &["--systemd", "-o", ".", "--force", "--", "other"]).status.code(), Some(0));
}

#[test]
fn a_job_is_given_more_time_than_it_gives_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (deadline, expected) in [(&[][..], 3_600), (&["--deadline", "30m"], 3_600), (&["--deadline", "2h"], 8_100)] {
        let units = |kind: &str| text(&certkit(folder.path(), &[&[kind, "--", "pki"], deadline].concat()).stdout);
        assert!(units("--systemd").contains(&format!("\nTimeoutStartSec={expected}\n")), "{deadline:?}");
        assert!(units("--schtasks").contains(&format!("<ExecutionTimeLimit>PT{expected}S<")), "{deadline:?}");
    }
}

#[test]
fn the_task_of_windows_is_xml_in_utf16() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["--schtasks", "-o", ".", "--name", "plant", "--", "C:\\plant & co\\", "--format", "html", "-o", "r.html"];
    assert_eq!(certkit(folder.path(), &arguments).status.code(), Some(0));
    let bytes = std::fs::read(folder.path().join("plant.xml")).unwrap();
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let task = String::from_utf16(&units).unwrap();
    assert!(task.starts_with("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task "), "{task}");
    assert!(task.contains("&quot;C:\\plant &amp; co\\\\&quot; &quot;--format&quot;"), "{task}");
}

#[test]
fn what_would_fail_every_day_is_refused_today() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, because) in [
        (&["--cron", "--", "--wran", "30d", "pki"][..], "--wran"),
        (&["--cron", "--", "history", "--state", "s.db"], "only `certkit expiry` itself"),
        (&["--cron", "--", "-"], "standard input"),
        (&["--cron", "--", "a\nb"], "`a\\u{a}b` has a control character"),
        (&["--cron", "--at", "25:00", "--", "pki"], "25:00"),
        (&["--systemd", "--cron", "--", "pki"], "cannot be used with"),
        (&["--", "pki"], "required"),
        (&["--cron"], "ARGUMENTS"),
    ] {
        let run = certkit(folder.path(), arguments);
        let stderr = text(&run.stderr);
        assert_eq!(run.status.code(), Some(3), "{arguments:?}: {stderr}");
        assert!(run.stdout.is_empty() && stderr.contains(because), "{arguments:?}: {stderr}");
    }
}
