//! Whatever comes in, nothing panics, and no block is lost or made up.

use proptest::prelude::*;

use super::*;

static CERTIFICATES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| (0..6).map(|n| certificate(&n.to_string())).collect());

/// Lines that stand between blocks.
fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("subject=CN = somebody\n".to_owned()),
        Just("-----\n--- not this ---\n-----END OF SOMETHING\n".to_owned()),
        Just("Bag Attributes\n    localKeyID: 01 \n".to_owned()),
        Just("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n".to_owned()),
        Just("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".to_owned()),
        "[ -~äß\t]{0,80}\n".prop_filter("a block of its own", |text| !text.contains("-----BEGIN ")),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = Blocks::new(&bytes[..]).count();
    }

    #[test]
    fn any_damage_to_a_bundle_is_read_without_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        for mut bytes in [
            CERTIFICATES.concat(),
            pkcs7::encode(&[&CERTIFICATES[0], &CERTIFICATES[1]]),
            AUTHORITY.key.serialize_der(),
            revocation_list(),
            (pem::encode("PKCS7", &pkcs7::encode(&[&CERTIFICATES[0]])) + &pem::encode("CERTIFICATE", &CERTIFICATES[1])).into_bytes(),
        ] {
            for (at, octet) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *octet;
            }
            bytes.truncate(cut.index(bytes.len()) + 1);
            let _ = read(&bytes).map_err(|error| error.to_string());
            let _ = Blocks::new(&bytes[..]).count();
        }
    }

    #[test]
    fn blocks_among_noise_are_exactly_those(
        parts in proptest::collection::vec((0..6usize, noise()), 1..12),
        ending in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        size in 1..600usize,
    ) {
        let file: String = parts.iter()
            .map(|(n, noise)| noise.clone() + &pem::encode("CERTIFICATE", &CERTIFICATES[*n]))
            .collect::<String>()
            .replace('\n', ending);
        let wanted: Vec<_> = parts.iter().map(|(n, _)| CERTIFICATES[*n].clone()).collect();
        let whole = read(file.as_bytes()).unwrap();
        prop_assert_eq!(ders(&whole), wanted);
        let mut streamed = Contents::default();
        streamed.extend(Blocks::in_chunks(file.as_bytes(), size).map(Result::unwrap));
        prop_assert_eq!(summary(&streamed), summary(&whole));
        let lines = file.replace(ending, "\n");
        let lines: Vec<_> = lines.lines().map(str::trim).collect();
        for item in &whole.items {
            let line = item.position.line.unwrap() as usize;
            prop_assert_eq!(lines[line - 1], "-----BEGIN CERTIFICATE-----");
        }
    }

    #[test]
    fn rows_of_certificates_are_exactly_those(row in proptest::collection::vec(0..6usize, 1..10)) {
        let wanted: Vec<_> = row.iter().map(|n| CERTIFICATES[*n].clone()).collect();
        prop_assert_eq!(ders(&read(&wanted.concat()).unwrap()), wanted.clone());
        let bundle = pkcs7::encode(&wanted.iter().map(Vec::as_slice).collect::<Vec<_>>());
        prop_assert_eq!(ders(&read(&bundle).unwrap()), wanted);
    }
}
