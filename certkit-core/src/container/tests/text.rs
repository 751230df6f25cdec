//! PEM in every state in which people hand it over.

use super::*;

fn one() -> (Vec<u8>, String) {
    let der = certificate("one");
    let text = pem::encode("CERTIFICATE", &der);
    (der, text)
}

#[test]
fn every_way_of_writing_one_block_gives_the_same_certificate() {
    let (der, text) = one();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let indented: String = text.lines().map(|line| format!("\t  {line}  \n")).collect();
    let spaced: String = text.lines().map(|line| format!("{line}\n\n \n")).collect();
    let json = format!("{{\"ca\": \"{}\"}}", text.replace('/', "\\/").replace('\n', "\\n"));
    let short: String = body.as_bytes().chunks(7).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect();
    for (way, text) in [
        ("plain", text.clone()),
        ("no final line break", text.trim_end().to_owned()),
        ("CR LF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("byte order mark", format!("\u{feff}{text}")),
        ("indented", indented),
        ("blank lines", spaced),
        ("one line", text.replace('\n', " ")),
        ("JSON", json),
        ("YAML", format!("caBundle: {text}")),
        ("assignment", format!("CERT=\"{text}\"")),
        ("XML", format!("<?xml version='1.0'?><cert>{text}</cert>")),
        ("lines of 7", format!("-----BEGIN CERTIFICATE-----\n{short}-----END CERTIFICATE-----\n")),
        ("one long line", format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")),
        (
            "no padding",
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", body.trim_end_matches('=')),
        ),
        ("old label", text.replace("CERTIFICATE", "X509 CERTIFICATE")),
        ("unknown label", text.replace("CERTIFICATE", "MY CERT")),
        ("text around", format!("subject=CN = one\n-----\n--\n{text}\nDone.\n-----END\n")),
        ("header", text.replacen("-----\n", "-----\nComment: two\n\n", 1)),
    ] {
        let contents = read_both(text.as_bytes());
        assert_eq!(ders(&contents), std::slice::from_ref(&der), "{way}");
        assert_eq!(kinds(&contents), ["certificate"], "{way}");
        assert_eq!(reasons(&contents), [""; 0], "{way}");
        assert_eq!(contents.items[0].encoding, Encoding::Pem, "{way}");
    }
}

#[test]
fn windows_editors_save_utf_16() {
    let (der, text) = one();
    let text = format!("Anlage Süd\r\n{text}");
    for (mark, bytes) in [
        ([0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        ([0xfe, 0xff], text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        let file = [&mark[..], &bytes].concat();
        let contents = read_both(&file);
        assert_eq!(ders(&contents), std::slice::from_ref(&der));
        assert_eq!(contents.items[0].position.line, Some(2));
        assert_eq!(contents.items[0].position.offset, 2 + 24);
        assert_eq!(ders(&read_both(&file[..file.len() - 1])), std::slice::from_ref(&der));
    }
}

#[test]
fn positions_are_those_of_an_editor() {
    let (_, text) = one();
    for ending in ["\n", "\r\n", "\r"] {
        let file = format!("a\nb\n{text}c\n{text}").replace('\n', ending);
        let contents = read_both(file.as_bytes());
        let lines = text.lines().count() as u64;
        let seen: Vec<_> =
            contents.items.iter().map(|item| (item.position.block, item.position.line.unwrap())).collect();
        assert_eq!(seen, [(1, 3), (2, 4 + lines)]);
        for item in &contents.items {
            let offset = usize::try_from(item.position.offset).unwrap();
            assert!(file[offset..].starts_with("-----BEGIN "));
        }
    }
}

#[test]
fn a_sentence_about_begin_lines_is_no_block() {
    let text = "Copy the text with the -----BEGIN CERTIFICATE----- and -----END CERTIFICATE----- lines.";
    assert_eq!(read(text.as_bytes()).unwrap_err(), ContainerError::Foreign(Foreign::Hyphens));
    let (_, block) = one();
    for blanks in [0, 50] {
        let text = text.replace("-----BEGIN", &format!("{}-----BEGIN", " ".repeat(blanks)));
        let contents = read_both(format!("{text}\n{block}").as_bytes());
        assert_eq!((kinds(&contents), reasons(&contents)), (vec!["certificate"], vec![]));
    }
}

#[test]
fn a_damaged_block_says_where_and_hides_no_other() {
    let (der, good) = one();
    let lines: Vec<&str> = good.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let last = lines.len() - 1;
    for (damaged, reason) in [
        (with(2, "MIIB*abc"), "block 1 (line 1): CERTIFICATE: base64: invalid character '*' at line 3 (byte 97)"),
        (with(2, "MII\u{1b}"), "block 1 (line 1): CERTIFICATE: base64: invalid character 0x1b at line 3 (byte 96)"),
        (
            with(2, "MI=="),
            "block 1 (line 1): CERTIFICATE: base64: padding ('=') that is not at the end at line 3 (byte 95)",
        ),
        (with(last, "-----END PRIVATE KEY-----"), "block 1 (line 1): CERTIFICATE: its END line says \"PRIVATE KEY\""),
        (
            with(last, "-----END CERTIFICATE"),
            "block 1 (line 1): CERTIFICATE: its END line does not end in five hyphens",
        ),
        (with(0, "-----BEGIN CERTIFICATE"), "block 1 (line 1): BEGIN: its BEGIN line does not end in five hyphens"),
        (
            with(last, ""),
            &format!(
                "block 1 (line 1): CERTIFICATE: its END line is missing: another block begins at line {}",
                last + 2
            ),
        ),
        (
            "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n".to_owned(),
            "block 1 (line 1): CERTIFICATE: it is empty",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----\n".to_owned(),
            "block 1 (line 1): CERTIFICATE: base64: a character is missing or too many at line 2 (byte 32)",
        ),
    ] {
        let contents = read_both(format!("{damaged}{good}").as_bytes());
        assert_eq!(reasons(&contents), [reason], "{damaged}");
        assert_eq!(ders(&contents), std::slice::from_ref(&der), "{damaged}");
        assert_eq!(contents.items[0].position.block, 2, "{damaged}");
        let alone = read(damaged.as_bytes()).unwrap_err();
        assert_eq!(alone.word(), "bad_pem");
        assert!(alone.to_string().starts_with("1 block was found, but none usable: block 1"), "{alone}");
    }
    let cut = read(&good.as_bytes()[..good.len() / 2]).unwrap_err();
    assert!(cut.to_string().ends_with("its END line is missing: the data ends"), "{cut}");
}

#[test]
fn files_joined_without_a_line_break_are_still_two_blocks() {
    let (der, text) = one();
    let joined = format!("{}{}", text.trim_end(), text.trim_end());
    assert_eq!(ders(&read_both(joined.as_bytes())), [der.clone(), der.clone()]);
    let json = format!("[\"{}\"]", format!("{text}{text}").replace('\n', "\\n"));
    assert_eq!(ders(&read_both(json.as_bytes())), [der.clone(), der]);
}

#[test]
fn a_block_beyond_the_bound_is_skipped_and_the_next_one_read() {
    let (der, good) = one();
    let huge = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "A".repeat(25 * 1024 * 1024));
    let file = format!("{huge}{good}");
    let whole = read(file.as_bytes()).unwrap();
    let mut streamed = Contents::default();
    streamed.extend(Blocks::new(file.as_bytes()).map(Result::unwrap));
    for contents in [whole, streamed] {
        assert_eq!(ders(&contents), std::slice::from_ref(&der));
        assert!(matches!(contents.skipped[0].why, Reason::TooLarge { .. }), "{:?}", contents.skipped);
    }
}

#[test]
fn a_stream_that_fails_gives_what_came_before_and_then_ends() {
    let (der, text) = one();
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let doubled = format!("{text}{text}");
    let cut = std::io::Read::chain(&doubled.as_bytes()[..text.len() + 60], Broken);
    let mut blocks = Blocks::new(std::io::BufReader::with_capacity(64, cut));
    let mut seen = Vec::new();
    let error = loop {
        match blocks.next().unwrap() {
            Ok(Block::Item(item)) => seen.push(item.der.to_vec()),
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.to_string(), "gone");
    assert!(blocks.next().is_none());
    assert_eq!(seen, [der]);
}

#[test]
fn a_block_whose_begin_line_is_damaged_is_told_and_counted() {
    let (der, good) = one();
    let damaged = |begin: &str| good.replace("-----BEGIN CERTIFICATE-----", begin);
    for begin in [
        "----BEGIN CERTIFICATE----",
        "------BEGIN CERTIFICATE------",
        "\u{2013}\u{2013}BEGIN CERTIFICATE\u{2013}\u{2013}",
        "-----begin certificate-----",
        "",
        "\u{b}-----BEGIN CERTIFICATE-----",
        "\u{200b}-----BEGIN CERTIFICATE-----",
    ] {
        for (text, blocks) in [
            (format!("{}{good}", damaged(begin)), [1, 2]),
            (format!("{good}{}", damaged(begin)), [2, 1]),
            (format!("{}{good}", damaged(begin)).replace('\n', "\r\n"), [1, 2]),
        ] {
            let contents = read(text.as_bytes()).unwrap();
            assert_eq!(ders(&contents), std::slice::from_ref(&der), "{text}");
            let [lost] = contents.skipped.as_slice() else { panic!("{begin:?}: {:?}", contents.skipped) };
            assert_eq!(lost.why, Reason::Stray { label: "CERTIFICATE" }, "{text}");
            assert!(lost.claims_certificate() && lost.may_hide_certificate());
            assert_eq!([lost.position.block, contents.items[0].position.block], blocks, "{text}");
            assert_eq!(contents.lost_before_first().is_some(), blocks == [1, 2], "{text}");
        }
        let alone = read(damaged(begin).as_bytes());
        let alone = alone.unwrap_err();
        assert_eq!((alone.word(), alone.is_foreign()), ("bad_pem", false), "{begin:?}");
    }
    let list = pem::encode("X509 CRL", &revocation_list()).replace("-----", "----");
    let contents = read(format!("{good}{list}").as_bytes()).unwrap();
    assert!(contents.skipped[0].claims_list(), "{:?}", contents.skipped);
    // What is commented out is none, and neither is other base64.
    let comment: String = good.lines().map(|line| format!("# {line}\n")).collect();
    let other = format!("MI{}\n", "ab".repeat(31));
    assert_eq!(reasons(&read(format!("{comment}{other}{good}").as_bytes()).unwrap()), [""; 0]);
}
