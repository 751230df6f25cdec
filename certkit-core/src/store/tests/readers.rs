//! The rules of readers, held against what asyncua and node-opcua said of files (`scripts/stack-files`).

use std::process::Command;

use crate::container::Encoding;
use crate::store::reader::{ASYNCUA, Folder, Kind, Lying, NODE, READERS, Reader, Reading};

/// How a form of the table lies in its folder, and how many things are in it.
fn lying(form: &str, folder: Folder) -> (Lying, usize) {
    let (encoding, count) = match form {
        "der" | "der-short" => (Some(Encoding::Der), 1),
        "der-two" => (Some(Encoding::Der), 2),
        "pem" => (Some(Encoding::Pem), 1),
        "pem-two" => (Some(Encoding::Pem), 2),
        "base64" => (Some(Encoding::Base64), 1),
        "p7b" => (Some(Encoding::Pkcs7), 1),
        "text" => (None, 0),
        other => panic!("{other}"),
    };
    let octets = if form == "der-short" { 200 } else { 400 };
    (Lying { folder, encoding, octets, number: 0, count, twin: None }, count)
}

fn foretold(reader: &Reader, holds: &str, name: &str, form: &str) -> &'static str {
    let folder = if holds == "list" { Folder::RevocationLists } else { Folder::Certificates };
    let (lying, count) = lying(form, folder);
    let kind = match holds {
        _ if form == "text" => Kind::Other,
        "list" => Kind::RevocationList,
        _ => Kind::Certificate,
    };
    let second = Lying { number: 1, ..lying.clone() };
    match (reader.reads(name, kind, &lying), count > 1) {
        (Reading::Breaks(_), _) => "breaks",
        (Reading::PassedOver(_), _) => "passed over",
        (Reading::Read, true) if reader.reads(name, kind, &second) != Reading::Read => "first",
        (Reading::Read, _) => "read",
    }
}

#[test]
fn readers_read_what_the_stacks_read() {
    let table = include_str!("../../../../testdata/opcua/files.csv");
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("holds,name,form,asyncua,node-opcua"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in lines {
        let [holds, name, form, asyncua, node] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        for (reader, said) in [(&ASYNCUA, asyncua), (&NODE, node)] {
            let foretold = foretold(reader, holds, name, form);
            if foretold != said {
                wrong.push(format!("{holds} {name} {form}: {} {said}, foretold {foretold}", reader.name));
            }
        }
        count += 1;
    }
    assert!(count > 150, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What certkit writes: a certificate in DER, a list once in DER and once in PEM.
#[test]
fn every_stack_reads_what_certkit_writes() {
    for reader in READERS {
        for form in ["der", "der-short"] {
            let read = |name: &str, form: &str| foretold(reader, "list", name, form) == "read";
            let is_read = read("Plant CA [0123].crl", form) || read("Plant CA [0123].crl.pem", "pem");
            assert!(is_read, "{} {form}", reader.name);
            assert!(foretold(reader, "list", "Plant CA [0123].crl", form) != "breaks", "{}", reader.name);
        }
        assert_eq!(foretold(reader, "certificate", "Plant CA [0123].der", "der"), "read", "{}", reader.name);
        assert_eq!(foretold(reader, "certificate", "Plant CA[0123].pem", "pem"), "read", "{}", reader.name);
    }
}

#[test]
#[ignore = "asks asyncua and node-opcua, which it installs from PyPI and npm; wants python3 and node"]
fn the_table_of_files_is_fresh() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/stack-files");
    let output = Command::new(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
