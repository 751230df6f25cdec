//! What a renewal leaves as it was: the form of a file, the rights of others, what a CA has taken back.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use super::plant::Plant;
use super::{outcomes, wait_for};

#[test]
fn a_key_that_was_encrypted_stays_so_and_one_in_clear_stays_in_clear() {
    let plant = Plant::new();
    fs::write(plant.file("password"), "Sesame-Opens-417\n").unwrap();
    [("sealed", "password"), ("clear", "")].into_iter().for_each(|(name, password)| {
        let key = format!("generate https --dns {name}.plant.example --issuer plant-ca --key-type ec:p256 --days 10 --chain-out {name}-chain.pem --key-out {name}-key.pem");
        let option = if password.is_empty() { String::new() } else { format!(" --password-file {password}") };
        plant.done(&format!("{key}{option}"));
        let both = [plant.read(&format!("{name}-chain.pem")), plant.read(&format!("{name}-key.pem"))].concat();
        fs::write(plant.file(&format!("{name}.pem")), both).unwrap();
    });
    let kept = [plant.read("sealed.pem"), plant.read("clear.pem")];
    for defaults in ["access = { password-file = \"password\" }\n", ""] {
        ["sealed.pem", "clear.pem"].iter().zip(&kept).for_each(|(name, old)| fs::write(plant.file(name), old).unwrap());
        let renew = if defaults.is_empty() { ", key-password-file = \"password\"" } else { "" };
        plant.inventory(&format!(
            "[defaults]\n{defaults}renew = {{ issuer = \"plant-ca\"{renew} }}\n\
             [[source]]\nat = \"sealed.pem\"\nrenew = {{}}\n[[source]]\nat = \"clear.pem\"\nrenew = {{}}\n"
        ));
        let (_, document) = plant.due("");
        assert_eq!(outcomes(&document), ["renewed", "renewed"], "{document:#}");
        let text = |name: &str| String::from_utf8(plant.read(name)).unwrap();
        assert!(text("sealed.pem").contains("BEGIN ENCRYPTED PRIVATE KEY"), "{document:#}");
        assert!(text("clear.pem").contains("BEGIN PRIVATE KEY"), "{document:#}");
    }
}

#[test]
fn a_file_that_others_may_write_is_no_argument_whatever_its_name() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    plant.script("reload.sh", "touch ran");
    fs::set_permissions(plant.file("reload.sh"), fs::Permissions::from_mode(0o666)).unwrap();
    plant.inventory(
        "[[source]]\nat = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", reload = [\"sh\", \"reload.sh\"] }\n",
    );
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{document:#}");
    assert!(!plant.file("ran").exists() && document.to_string().contains("other users can change it"), "{document:#}");
}

#[test]
fn a_program_below_the_folder_of_the_inventory_is_the_one_that_is_run() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    fs::create_dir(plant.file("conf")).unwrap();
    plant.script("conf/reload.sh", "touch ran");
    let text =
        "[[source]]\nat = \"../tls/press.pem\"\nrenew = { issuer = \"../plant-ca\", reload = [\"./reload.sh\"] }\n";
    fs::write(plant.file("conf/plant.toml"), text).unwrap();
    let output = plant.run("renew --due --config conf/plant.toml");
    assert!(plant.file("conf/ran").exists(), "{output:?}");
}

#[test]
fn what_a_ca_has_revoked_is_not_renewed_unattended() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    plant.done("revoke tls/press.pem --issuer plant-ca --reason cessationOfOperation");
    plant.inventory(
        "[[source]]\nat = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/press-key.pem\", rekey = true }\n",
    );
    let before = plant.read("tls/press.pem");
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{document:#}");
    assert!(document.to_string().contains("this CA has revoked it"), "{document:#}");
    assert_eq!(before, plant.read("tls/press.pem"));
}

#[test]
fn an_interrupted_renewal_is_taken_up_for_the_source_that_it_was_of() {
    let plant = Plant::new();
    [("fine", 200), ("press", 10)].into_iter().for_each(|(name, days)| plant.leaf(name, days));
    plant.script("slow.sh", "touch begun; sleep 2");
    plant.script("other.sh", "touch other");
    plant.inventory(
        "[[source]]\nat = \"tls/fine.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/fine-key.pem\", reload = [\"./other.sh\"] }\n\
         [[source]]\nat = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/press-key.pem\", reload = [\"./slow.sh\"], rekey = true }\n",
    );
    let mut killed = plant.command("renew --due --config plant.toml").stdout(Stdio::null()).spawn().unwrap();
    wait_for(&plant.file("begun"));
    killed.kill().unwrap();
    killed.wait().unwrap();
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["not_due", "taken_up"]), "{document:#}");
    assert!(!plant.file("other").exists());
    // Where it is not taken, the files are as they were before.
    plant.leaf_again("press", 10);
    let before = plant.read("tls/press.pem");
    fs::remove_file(plant.file("begun")).unwrap();
    let mut killed = plant.command("renew --due --config plant.toml").stdout(Stdio::null()).spawn().unwrap();
    wait_for(&plant.file("begun"));
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_ne!(before, plant.read("tls/press.pem"));
    plant.script("slow.sh", "exit 1");
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["not_due", "rolled_back"]), "{document:#}");
    assert_eq!(before, plant.read("tls/press.pem"));
}

/// Two files that a renewal has written, and that nobody has had read: it was killed meanwhile.
fn killed() -> Plant {
    let plant = Plant::new();
    plant.leaf("press", 10);
    plant.script("slow.sh", "touch begun; sleep 2");
    plant.inventory(
        "[[source]]\nat = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/press-key.pem\", reload = [\"./slow.sh\"], rekey = true }\n",
    );
    let mut killed = plant.command("renew --due --config plant.toml").stdout(Stdio::null()).spawn().unwrap();
    wait_for(&plant.file("begun"));
    killed.kill().unwrap();
    killed.wait().unwrap();
    plant.script("slow.sh", "touch reloaded");
    plant
}

#[test]
fn a_renewal_that_nobody_has_taken_is_in_the_way_of_other_changes() {
    let plant = killed();
    let before = plant.all();
    let added = plant.run("trust add folder:tls plant-ca/root/ca.pem");
    let said = String::from_utf8(added.stderr).unwrap();
    assert!(added.status.code() == Some(3) && said.contains("(renew) was interrupted"), "{said}");
    assert!(said.contains("certkit renew --due") && said.contains("certkit trust undo"), "{said}");
    let looked = plant.run("trust list folder:tls");
    assert!(String::from_utf8_lossy(&looked.stderr).contains("was interrupted"), "{looked:?}");
    assert_eq!(before, plant.all());
    // Another inventory has not renewed it.
    plant.leaf("other", 10);
    let inventory = plant.read("plant.toml");
    plant.inventory(
        "[[source]]\nat = \"tls/other.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/other-key.pem\" }\n",
    );
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{document:#}");
    assert!(document.to_string().contains("was interrupted") && !plant.file("reloaded").exists(), "{document:#}");
    fs::write(plant.file("plant.toml"), inventory).unwrap();
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["taken_up"]), "{document:#}");
    assert!(plant.file("reloaded").exists());
    assert_eq!(plant.run("trust add folder:tls plant-ca/root/ca.pem").status.code(), Some(0));
}

#[test]
fn a_renewal_that_nobody_has_taken_can_be_taken_back() {
    let plant = killed();
    let new = plant.certificate("tls/press.pem");
    plant.done("trust undo folder:tls");
    assert_ne!(new, plant.certificate("tls/press.pem"));
    assert!(plant.certificate("tls/press.pem").not_after().unwrap() < new.not_after().unwrap());
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["renewed"]), "{document:#}");
}

/// A server that shows a certificate in the clear, and never proves that it has the key: TLS 1.0 with RSA alone.
fn in_the_clear(file: std::path::PathBuf) -> std::net::SocketAddr {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let contents = certkit_core::source::file::read_file(&file).unwrap();
            let der = contents.certificates().next().unwrap().der.to_vec();
            let long = |length: usize| u32::try_from(length).unwrap().to_be_bytes()[1..].to_vec();
            let list = [long(der.len()), der].concat();
            let certificate = [vec![11], long(list.len() + 3), long(list.len()), list].concat();
            let record =
                |body: &[u8]| [&[22, 3, 1], &u16::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat();
            let hello = [&[2, 0, 0, 38, 3, 1][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
            let flight = [record(&hello), record(&certificate), record(&[14, 0, 0, 0])].concat();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&flight);
        }
    });
    address
}

#[test]
fn a_certificate_that_is_shown_in_the_clear_is_not_served() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    let before = plant.read("tls/press.pem");
    let address = in_the_clear(plant.file("tls/press.pem"));
    plant.inventory(&format!(
        "[[source]]\nat = \"tls/press.pem\"\nrenew = {{ issuer = \"plant-ca\", key = \"tls/press-key.pem\", endpoint = \"{address}\", patience = \"1s\" }}\n"
    ));
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["rolled_back"]), "{document:#}");
    let error = document["renewals"][0]["error"].as_str().unwrap();
    assert!(error.contains("did not prove that it has the private key"), "{error}");
    assert_eq!(before, plant.read("tls/press.pem"));
}
