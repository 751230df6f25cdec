//! What the network tells of revocation, and what it costs when it is hostile.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use certkit_core::asn1::{Tag, write};
use certkit_core::cert::{Certificate, Known};
use certkit_core::crypto::digest;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::online::{Miss, Online, Wanted, WhyMissed};
use certkit_core::path::revocation::{Evidence, Lists, Responses, Sources, Status, statuses};
use certkit_core::path::{Budget, Path, Pool, Search};
use certkit_core::source::PrivateDownloads;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, CustomExtension, DnType,
    IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, SigningKey,
};

/// Gives every request to `serve`, with its first bytes, for as long as the test process lives.
fn listen(serve: impl Fn(TcpStream, &[u8]) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || {
                let mut request = vec![0; 8192];
                let length = stream.read(&mut request).unwrap_or(0);
                serve(stream, &request[..length]);
            });
        }
    });
    address
}

fn answer(mut stream: TcpStream, body: &[u8]) {
    let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(body);
}

struct World {
    root: CertifiedIssuer<'static, KeyPair>,
    anchor: Certificate,
    leaf: Certificate,
}

/// A root, and a leaf with serial number 2 that names these addresses, with blanks between them.
fn world(responder: &str, list: &str) -> World {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "leaf");
    params.serial_number = Some(SerialNumber::from(2u64));
    let uri = |text: &str| write::element(Tag::context(6), &[text.as_bytes()]);
    let access = |it: &str| write::sequence(&[&write::oid(oid::AD_OCSP), &uri(it)]);
    let point = |it: &str| {
        let name = write::element(Tag::context_constructed(0), &[&uri(it)]);
        write::sequence(&[&write::element(Tag::context_constructed(0), &[&name])])
    };
    let access: Vec<u8> = responder.split(' ').flat_map(access).collect();
    let point: Vec<u8> = list.split(' ').flat_map(point).collect();
    params.custom_extensions = vec![
        CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], write::sequence(&[&access])),
        CustomExtension::from_oid_content(&[2, 5, 29, 31], write::sequence(&[&point])),
    ];
    let leaf = params.signed_by(&KeyPair::generate().unwrap(), &root).unwrap();
    let anchor = Certificate::from_der(root.der()).unwrap();
    World { root, anchor, leaf: Certificate::from_der(leaf.der()).unwrap() }
}

fn generalized(moment: Moment) -> Vec<u8> {
    let text: String = moment.to_string().chars().filter(char::is_ascii_digit).collect();
    write::element(Tag::GENERALIZED_TIME, &[format!("{text}Z").as_bytes()])
}

impl World {
    /// What the root answers about the leaf: good, from now on for an hour.
    fn response(&self) -> Vec<u8> {
        self.response_with(2, &write::element(Tag::context(0), &[]), Moment::now())
    }

    /// What the root answers about a serial number, for an hour.
    fn response_with(&self, serial: u32, status: &[u8], now: Moment) -> Vec<u8> {
        let key = self.anchor.public_key().unwrap();
        let identity = write::sequence(&[
            &write::sequence(&[&write::oid(oid::SHA1), &write::NULL]),
            &write::octet_string(&digest::sha1(self.anchor.subject().der())),
            &write::octet_string(&digest::sha1(key.bits)),
            &write::small_integer(serial),
        ]);
        let next = write::element(Tag::context_constructed(0), &[&generalized(now.plus(3600))]);
        let single = write::sequence(&[&identity, status, &generalized(now), &next]);
        let responder = write::element(Tag::context_constructed(2), &[&write::octet_string(&digest::sha1(key.bits))]);
        let signed = write::sequence(&[&responder, &generalized(now), &write::sequence(&[&single])]);
        let algorithm = write::sequence(&[&write::oid(oid::SHA256_ECDSA)]);
        let signature = write::bit_string(&self.root.key().sign(&signed).unwrap());
        let basic = write::octet_string(&write::sequence(&[&signed, &algorithm, &signature]));
        let bytes = write::sequence(&[&write::oid(oid::OCSP_BASIC), &basic]);
        write::sequence(&[&[10, 1, 0], &write::element(Tag::context_constructed(0), &[&bytes])])
    }

    /// The root's list; the leaf stands on it.
    fn list(&self) -> Vec<u8> {
        self.list_of(2, 1)
    }

    /// The root's list with one entry.
    fn list_of(&self, serial: u64, number: u64) -> Vec<u8> {
        let now = time::OffsetDateTime::now_utc();
        let entry = RevokedCertParams {
            serial_number: SerialNumber::from(serial),
            revocation_time: now - Duration::from_secs(60),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: now - Duration::from_secs(60),
            next_update: now + Duration::from_secs(3600),
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: vec![entry],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.root).unwrap().der().to_vec()
    }

    fn ask(&self, online: &Online) -> (Status, Vec<Miss>) {
        let mut pool = Pool::new();
        pool.add_anchor(self.anchor.clone());
        let moment = Moment::now();
        let path = Search::new(&pool, &self.leaf, moment, Budget::default()).best();
        let (mut lists, mut responses) = (Lists::new(), Responses::new());
        let misses = online.ask(&path, &mut lists, &mut responses, moment, online.deadline());
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let accepts = |_: &Path, _: &[Known<'_>]| true;
        let (lists, responses, budget) = (&lists, &responses, Budget::default());
        let sources = Sources { pool: &pool, lists, responses, moment, budget, accepts: &accepts };
        (statuses(&path, &known, &sources).remove(0), misses)
    }
}

fn online() -> Online {
    Online::new(Duration::from_secs(2), None, PrivateDownloads::Allowed)
}

const NOWHERE: &str = "ldap://directory.plant.example/cn=list";

#[test]
fn a_responder_is_asked_and_its_answer_is_kept() {
    let count = Arc::new(AtomicUsize::new(0));
    let body = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (asked, said) = (Arc::clone(&count), Arc::clone(&body));
    let address = listen(move |stream, request| {
        asked.fetch_add(1, Ordering::SeqCst);
        assert!(request.starts_with(b"POST /ocsp HTTP/1.1\r\n"));
        let head = String::from_utf8_lossy(request).into_owned();
        assert!(head.contains("content-type: application/ocsp-request"));
        answer(stream, &said.lock().unwrap());
    });
    let world = world(&format!("http://{address}/ocsp"), NOWHERE);
    *body.lock().unwrap() = world.response();
    let online = online();
    for _ in 0..3 {
        let (status, misses) = world.ask(&online);
        assert_eq!(
            status,
            Status::Good {
                by: vec![Evidence::Response(0)],
                departures: Vec::new(),
                weak: Vec::new(),
                misnamed: None,
                untaken: None
            }
        );
        assert!(misses.is_empty(), "{misses:?}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn a_list_is_fetched_in_either_encoding_and_weighs_more_than_a_good_answer() {
    let bodies = Arc::new(std::sync::Mutex::new((Vec::new(), Vec::new())));
    let said = Arc::clone(&bodies);
    let address = listen(move |stream, request| {
        let (list, response) = &*said.lock().unwrap();
        answer(stream, if request.starts_with(b"GET") { list } else { response });
    });
    let world = world(&format!("http://{address}/ocsp"), &format!("http://{address}/root.crl"));
    let list = world.list();
    for list in [certkit_core::container::pem::encode("X509 CRL", &list).into_bytes(), list] {
        *bodies.lock().unwrap() = (list, world.response());
        let (status, misses) = world.ask(&online());
        assert!(matches!(status, Status::Revoked { by: Evidence::List(0), .. }), "{status:?}");
        assert!(misses.is_empty(), "{misses:?}");
    }
}

#[test]
fn every_list_of_an_answer_counts() {
    let body = Arc::new(std::sync::Mutex::new(Vec::new()));
    let said = Arc::clone(&body);
    let address = listen(move |stream, _| answer(stream, &said.lock().unwrap()));
    let world = world(NOWHERE, &format!("http://{address}/root.crl"));
    let foreign = self::world(NOWHERE, NOWHERE).list();
    let (clean, revoking) = (world.list_of(3, 1), world.list_of(2, 2));
    let pem = |der: &[u8]| certkit_core::container::pem::encode("X509 CRL", der);
    let cut = &revoking[..revoking.len() - 20];
    let is_revoked = |status: &Status| matches!(status, Status::Revoked { .. });
    let is_in_doubt = |status: &Status| matches!(status, Status::Unknown { is_in_doubt: true, .. });
    let ask = |bytes: Vec<u8>| {
        *body.lock().unwrap() = bytes;
        world.ask(&online()).0
    };
    assert!(matches!(ask(clean.clone()), Status::Good { .. }));
    for several in [
        [&*clean, &revoking].concat(),
        [&*revoking, &clean].concat(),
        [&*foreign, &revoking].concat(),
        (pem(&clean) + &pem(&revoking)).into_bytes(),
    ] {
        assert!(is_revoked(&ask(several)));
    }
    for damaged in [
        [&*clean, &b"\0"[..]].concat(),
        [&*clean, cut].concat(),
        cut.to_vec(),
        (pem(&clean) + &pem(cut)).into_bytes(),
        (pem(&clean) + &pem(&revoking).replacen("\nM", "\n*M", 1)).into_bytes(),
        (pem(&clean) + &pem(&revoking)[..200]).into_bytes(),
        pem(&clean).repeat(129).into_bytes(),
    ] {
        let status = ask(damaged);
        assert!(is_in_doubt(&status), "{status:?}");
    }
}

#[test]
fn addresses_beyond_the_bound_are_told() {
    let bodies = Arc::new(std::sync::Mutex::new(Vec::new()));
    let said = Arc::clone(&bodies);
    let address = listen(move |stream, _| answer(stream, &said.lock().unwrap()));
    let of = |numbers: &[u8]| -> String {
        numbers.iter().map(|number| format!("http://{address}/{number}")).collect::<Vec<_>>().join(" ")
    };
    for (numbers, left_out) in [(&[1, 2, 3][..], 0), (&[1, 1, 2, 3, 3], 0), (&[1, 2, 3, 4, 5], 2)] {
        let world = world(NOWHERE, &of(numbers));
        *bodies.lock().unwrap() = world.list_of(3, 1);
        let (_, misses) = world.ask(&online());
        let told: Vec<bool> = misses.iter().map(|it| matches!(it.why, WhyMissed::TooMany)).collect();
        assert_eq!(told, vec![true; left_out], "{numbers:?} {misses:?}");
        assert!(misses.iter().all(|it| it.wanted == Wanted::List && it.address.to_string().ends_with(['4', '5'])));
    }
}

#[test]
fn a_list_that_was_not_asked_for_may_revoke_where_no_other_tells() {
    let body = Arc::new(std::sync::Mutex::new(Vec::new()));
    let said = Arc::clone(&body);
    let address = listen(move |stream, request| match request.starts_with(b"POST") {
        true => answer(stream, &said.lock().unwrap()),
        false => answer(stream, b"<html>"),
    });
    let addresses = [1, 2, 3, 4].map(|number| format!("http://{address}/{number}")).join(" ");
    let world = world(&format!("http://{address}/ocsp"), &addresses);
    let Status::Unknown { useless, is_in_doubt: true } = world.ask(&online()).0 else { panic!("it is told") };
    let told = format!("{useless:?}");
    assert!(told.contains("/4 not asked: only 3 addresses of a certificate are asked"), "{told}");
    *body.lock().unwrap() = world.response();
    assert!(matches!(world.ask(&online()).0, Status::Good { .. }));
}

#[test]
fn the_next_responder_is_asked_where_one_does_not_decide() {
    let bodies: Arc<std::sync::Mutex<[Vec<u8>; 2]>> = Arc::default();
    let said = Arc::clone(&bodies);
    let address = listen(move |stream, request| {
        let at = usize::from(request.starts_with(b"POST /second"));
        answer(stream, &said.lock().unwrap()[at]);
    });
    let world = world(&format!("http://{address}/first http://{address}/second"), NOWHERE);
    let now = Moment::now();
    let (good, unknown) = (write::element(Tag::context(0), &[]), write::element(Tag::context(2), &[]));
    let revoked = write::element(Tag::context_constructed(1), &[&generalized(now.plus(-60))]);
    let revoked = world.response_with(2, &revoked, now);
    let mut unsigned = world.response();
    *unsigned.last_mut().unwrap() ^= 1;
    for first in [
        write::sequence(&[&[10, 1, 3]]),
        world.response_with(3, &good, now),
        world.response_with(2, &good, now.plus(-7200)),
        world.response_with(2, &unknown, now),
        unsigned,
        revoked.clone(),
    ] {
        *bodies.lock().unwrap() = [first, revoked.clone()];
        let (status, _) = world.ask(&online());
        assert!(matches!(status, Status::Revoked { .. }), "{status:?}");
    }
    *bodies.lock().unwrap() = [world.response(), revoked];
    assert!(matches!(world.ask(&online()).0, Status::Good { .. }));
}

#[test]
fn hostile_servers_cost_bounded_time_and_give_reasons() {
    let endless = listen(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let silent = listen(|mut stream, _| while stream.read(&mut [0; 64]).is_ok_and(|length| length > 0) {});
    let drip = listen(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(b"0").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let nonsense = listen(|stream, _| answer(stream, b"<html>no such page</html>"));
    let deep = listen(|stream, _| answer(stream, &[0x30, 0x80].repeat(20_000)));
    let refusing = listen(|mut stream, _| _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
    let elsewhere =
        listen(|mut stream, _| _ = stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/\r\n\r\n"));
    for (address, is_read) in [
        (endless, false),
        (silent, false),
        (drip, false),
        (nonsense, true),
        (deep, true),
        (refusing, false),
        (elsewhere, false),
    ] {
        let world = world(&format!("http://{address}/ocsp"), &format!("http://{address}/root.crl"));
        let start = Instant::now();
        let (status, misses) = world.ask(&Online::new(Duration::from_millis(600), None, PrivateDownloads::Allowed));
        assert!(start.elapsed() < Duration::from_millis(1600), "{:?}", start.elapsed());
        assert_eq!(status, Status::Unknown { useless: Vec::new(), is_in_doubt: false });
        assert_eq!(misses.len(), 2, "{misses:?}");
        assert_eq!((misses[0].wanted, misses[1].wanted), (Wanted::Response, Wanted::List));
        let was_read = matches!(misses[0].why, WhyMissed::NoResponse(_)) && matches!(misses[1].why, WhyMissed::NoList);
        assert_eq!(was_read, is_read, "{misses:?}");
        assert!(!misses[0].why.to_string().is_empty());
    }
}

#[test]
fn only_http_is_followed() {
    let (status, misses) = world("https://127.0.0.1:1/ocsp", NOWHERE).ask(&online());
    assert_eq!(status, Status::Unknown { useless: Vec::new(), is_in_doubt: false });
    assert!(misses.is_empty());
}

#[test]
fn a_private_address_is_not_asked_and_that_is_said() {
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    let address = listen(move |stream, _| {
        asked.fetch_add(1, Ordering::SeqCst);
        answer(stream, b"");
    });
    let world = world(&format!("http://u:geheim@{address}/ocsp"), &format!("http://{address}/root.crl"));
    let (_, misses) = world.ask(&Online::new(Duration::from_secs(2), None, PrivateDownloads::Refused));
    assert_eq!(count.load(Ordering::SeqCst), 0);
    assert_eq!(misses.len(), 2, "{misses:?}");
    assert!(misses.iter().any(|miss| miss.why.to_string().contains("not queried: 127.0.0.1 is a loopback address")));
    assert!(!format!("{misses:?}").contains("geheim"), "{misses:?}");
}
