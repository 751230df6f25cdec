//! `certkit renew --due`: what an inventory says is due, written where it lies, used by a server, and taken back where it is not.

#![cfg(unix)]

mod kept;
mod plant;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use certkit_core::moment::Moment;
use plant::Plant;
use serde_json::Value;

/// The outcome of each source.
fn outcomes(document: &Value) -> Vec<&str> {
    document["renewals"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect()
}

#[test]
fn what_is_due_is_renewed_where_it_lies_and_a_server_shows_it() {
    let plant = Plant::new();
    [("press", 10), ("fine", 200), ("old", 5)].into_iter().for_each(|(name, days)| plant.leaf(name, days));
    plant.script("reload.sh", "touch reload; echo run >> runs");
    let address = plant.serve("press");
    plant.inventory(&format!(
        "[defaults]\nrenew = {{ issuer = \"plant-ca\", reload = [\"./reload.sh\"], patience = \"10s\" }}\n\
         [[source]]\nat = \"tls/press.pem\"\nowner = \"line 1\"\nrenew = {{ key = \"tls/press-key.pem\", endpoint = \"https://{address}\" }}\n\
         [[source]]\nat = \"tls/fine.pem\"\nrenew = {{}}\n\
         [[source]]\nat = \"tls/old.pem\"\nrenew = {{}}\n[[source.waiver]]\nreason = \"goes in spring\"\nuntil = 2999-01-01\n\
         [[source]]\nat = \"plant-ca\"\n"
    ));
    let before = plant.certificate("tls/press.pem");
    let key = plant.read("tls/press-key.pem");
    // A trial changes nothing at all.
    let all = plant.all();
    let (status, document) = plant.due("--dry-run");
    assert_eq!((status, outcomes(&document)), (1, vec!["due", "not_due", "waived"]), "{document}");
    assert_eq!(all, plant.all());
    let later = Moment::now().plus(190 * 86_400).date();
    let (_, document) = plant.due(&format!("--dry-run --at {later}"));
    assert_eq!(outcomes(&document), ["due", "due", "waived"], "{document}");
    assert_eq!(plant.run("renew --due --config plant.toml --at 2030-01-01").status.code(), Some(3));
    assert_eq!(all, plant.all());

    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["renewed", "not_due", "waived"]), "{document}");
    let renewal = &document["renewals"][0];
    assert_eq!(
        (&renewal["is_reloaded"], &renewal["is_served"], &renewal["has_new_key"]),
        (&true.into(), &true.into(), &false.into())
    );
    assert_eq!(
        (&renewal["owner"], &document["without_renew"], &document["dry_run"]),
        (&"line 1".into(), &1.into(), &false.into())
    );
    let after = plant.certificate("tls/press.pem");
    assert!(after.not_after().unwrap() > before.not_after().unwrap());
    assert_eq!((after.spki(), after.subject().to_string()), (before.spki(), before.subject().to_string()));
    assert_eq!(key, plant.read("tls/press-key.pem"));
    assert_eq!(renewal["after"]["serial_hex"], after.serial().to_hex());
    let index = String::from_utf8(plant.read("plant-ca/issuing/index.pem")).unwrap();
    assert!(index.contains(&after.serial().to_hex()), "{index}");
    // As many certificates as before: the chain without its root.
    let count = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().matches("BEGIN CERTIFICATE").count();
    assert_eq!(count(plant.read("tls/press.pem")), 2);
    let check = plant.run(&format!("check https://{address} --trust plant-ca/root/ca.pem --host press.plant.example"));
    assert!(check.status.code() < Some(2), "{}", String::from_utf8_lossy(&check.stdout));

    // There is nothing to do any more.
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["not_due", "not_due", "waived"]));
    assert_eq!(plant.read("runs"), b"run\n");
    let text = String::from_utf8(plant.run("renew --due --config plant.toml").stdout).unwrap();
    assert!(text.contains("2 not due") && text.contains("1 source has no `renew`"), "{text}");
}

#[test]
fn what_a_server_does_not_take_is_taken_back() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    let address = plant.serve("press");
    let source = |reload: &str| {
        plant.inventory(&format!(
            "[[source]]\nat = \"tls/press.pem\"\nrenew = {{ issuer = \"plant-ca\", key = \"tls/press-key.pem\", rekey = true, \
             endpoint = \"{address}\", reload = [{reload}], patience = \"1s\" }}\n"
        ));
    };
    plant.script("fails.sh", "echo 'no such unit' >&2; exit 7");
    plant.script("idle.sh", "exit 0");
    plant.script("hangs.sh", "sleep 60 & wait");
    // One that fails for the new certificate alone: the server goes on with the old one.
    plant.script("once.sh", "test -e tried && exit 0; touch tried; exit 1");
    for (script, said) in [
        ("fails.sh", "exit status: 7: no such unit"),
        ("idle.sh", "still shows another certificate"),
        ("hangs.sh", "did not end within 1 s"),
        ("once.sh", "exit status: 1"),
    ] {
        source(&format!("\"./{script}\""));
        let (before, start) = ([plant.read("tls/press.pem"), plant.read("tls/press-key.pem")], Instant::now());
        let (status, document) = plant.due("");
        assert_eq!((status, outcomes(&document)), (2, vec!["rolled_back"]), "{script}: {document}");
        let error = document["renewals"][0]["error"].as_str().unwrap();
        assert!(error.contains(said), "{script}: {error}");
        let notes = document["renewals"][0]["notes"].to_string();
        let is_certain = ["idle.sh", "once.sh"].contains(&script);
        assert_eq!(notes.contains("are restored, and in use"), is_certain, "{script}: {notes}");
        assert!(start.elapsed() < Duration::from_secs(20), "{script}");
        assert_eq!(before, [plant.read("tls/press.pem"), plant.read("tls/press-key.pem")], "{script}");
        let left: Vec<_> =
            plant.all().into_iter().filter(|(path, _)| path.to_string_lossy().contains("/.certkit/")).collect();
        assert!(left.iter().all(|(path, _)| path.ends_with("lock")), "{script}: {left:?}");
    }
    // A new key is taken, too, with the program found as a shell finds it, and its rights stay.
    source("\"touch\", \"reload\"");
    let before = plant.certificate("tls/press.pem");
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["renewed"]), "{document}");
    assert_eq!(document["renewals"][0]["has_new_key"], true);
    assert_ne!(before.spki(), plant.certificate("tls/press.pem").spki());
    assert_eq!(fs::metadata(plant.file("tls/press-key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
}

fn wait_for(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{path:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn two_runs_do_not_renew_the_same_and_a_killed_one_is_finished() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    let address = plant.serve("press");
    plant.script("slow.sh", "touch begun reload; sleep 1");
    plant.inventory(&format!(
        "[[source]]\nat = \"tls/press.pem\"\nrenew = {{ issuer = \"plant-ca\", key = \"tls/press-key.pem\", endpoint = \
         \"{address}\", reload = [\"./slow.sh\"], rekey = true }}\n"
    ));
    let start = || -> Child {
        plant
            .command("renew --due --config plant.toml --json")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let mut told: Vec<String> = Vec::new();
    for output in &both {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        told.extend(outcomes(&document).into_iter().map(str::to_owned));
    }
    told.sort();
    assert_eq!(told, ["not_due", "renewed"]);

    // Killed while the server is made to read the new files: the next run has it read them.
    plant.leaf("other", 10);
    fs::copy(plant.file("tls/other.pem"), plant.file("tls/press.pem")).unwrap();
    fs::copy(plant.file("tls/other-key.pem"), plant.file("tls/press-key.pem")).unwrap();
    fs::remove_file(plant.file("begun")).unwrap();
    plant.script("slow.sh", "touch begun; sleep 2");
    let mut killed = start();
    wait_for(&plant.file("begun"));
    killed.kill().unwrap();
    killed.wait().unwrap();
    plant.script("slow.sh", "touch reload");
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["taken_up"]), "{document}");
    assert_eq!(document["renewals"][0]["is_served"], true);
    assert_eq!(plant.due("").1["renewals"][0]["outcome"], "not_due");
}

#[test]
fn nothing_is_run_that_others_may_have_chosen() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    plant.script("reload.sh", "touch run");
    let source = |reload: &str| {
        plant.inventory(&format!(
            "[[source]]\nat = \"tls/press.pem\"\nrenew = {{ issuer = \"plant-ca\", reload = [{reload}] }}\n"
        ));
    };
    source("\"./reload.sh\"");
    let before = plant.read("tls/press.pem");
    let open = |name: &str, mode| fs::set_permissions(plant.file(name), fs::Permissions::from_mode(mode)).unwrap();
    open("plant.toml", 0o666);
    let output = plant.run("renew --due --config plant.toml");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("users other than its owner may write to it"), "{said}");
    open("plant.toml", 0o644);
    open("reload.sh", 0o775);
    for reload in ["\"./reload.sh\"", "\"sh\", \"./reload.sh\""] {
        source(reload);
        let (status, document) = plant.due("");
        assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{document}");
        assert!(document["renewals"][0]["error"].as_str().unwrap().contains("may write to it"), "{document}");
    }
    open("reload.sh", 0o755);
    open("tls/..", 0o777);
    source("\"./reload.sh\"");
    assert_eq!(plant.run("renew --due --config plant.toml").status.code(), Some(3));
    open("tls/..", 0o700);
    assert!(!plant.file("run").exists());
    assert_eq!(before, plant.read("tls/press.pem"));
    let (status, document) = plant.due("");
    assert_eq!((status, plant.file("run").exists()), (0, true), "{document}");
}

#[test]
fn stores_and_files_with_their_key_stay_what_they_are() {
    let plant = Plant::new();
    fs::write(plant.file("word"), "first-Secret-417\n").unwrap();
    for (name, kind) in [("one", "p12"), ("two", "jks")] {
        plant.leaf(name, 10);
        plant.done(&format!(
            "convert tls/{name}.pem tls/{name}-key.pem plant-ca/root/ca.pem -o tls/{name}.{kind} --alias press --new-password-file word"
        ));
    }
    plant.leaf("both", 10);
    let both = [plant.read("tls/both.pem"), plant.read("tls/both-key.pem")].concat();
    let both = [b"# made by hand\nBag Attributes\n    localKeyID: 01\n", both.as_slice(), b"# end\n"].concat();
    fs::write(plant.file("tls/both.pem"), both).unwrap();
    plant.inventory(
        "[defaults]\naccess = { password-file = \"word\" }\nrenew = { issuer = \"plant-ca\" }\n[[source]]\nat = [\"tls/one.p12\", \
         \"tls/two.jks\", \"tls/both.pem\"]\nrenew = {}\n",
    );
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["renewed"; 3]), "{document}");
    for (name, kind, certificates) in [("one", "p12", 3), ("two", "jks", 3), ("both", "pem", 2)] {
        let password = if kind == "pem" { "" } else { " --password-file word" };
        let output = plant.run(&format!("inspect tls/{name}.{kind} --json{password}"));
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = shown.to_string();
        assert_eq!(text.matches("\"not_after\"").count(), certificates, "{name}: {text}");
        let check = plant.run(&format!("check tls/{name}.{kind} --trust plant-ca/root/ca.pem --json{password}"));
        let told: Value = serde_json::from_slice(&check.stdout).unwrap();
        let found = told["findings"].to_string();
        assert!(!found.contains("key-") && told["verdict"] != "errors", "{name}: {found}");
        assert!(kind == "pem" || text.contains("press"), "{text}");
    }
    // Comments stay, what described the old certificate does not.
    assert!(plant.read("tls/both.pem").starts_with(b"# made by hand\n# end\n-----BEGIN CERTIFICATE"));
    // A wrong password is told, and nothing is written.
    fs::write(plant.file("word"), "other-Secret-911\n").unwrap();
    let before = plant.all();
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["failed", "failed", "not_due"]), "{document}");
    assert!(!document.to_string().contains("Secret") && before == plant.all());
}

#[test]
fn a_server_with_a_urn_stays_one_and_its_kind_can_be_named() {
    let plant = Plant::new();
    let extensions = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n\
                      extendedKeyUsage=serverAuth,clientAuth\n\
                      subjectAltName=DNS:twx.plant.test,URI:urn:plant:x,email:it@plant.test\n";
    fs::write(plant.file("ext"), format!("[req]\ndistinguished_name=n\n[n]\n[e]\n{extensions}")).unwrap();
    let made = std::process::Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -days 5 -subj /CN=twx -keyout x.key -out x.pem -config ext".split(' '))
        .args(["-extensions", "e"])
        .current_dir(plant.file(""))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let settings = "warn = \"30d\"\nrenew = { key = \"x.key\", accept = [\"self-signed\"], kind = \"https\" }";
    plant.inventory(&format!("[[source]]\nat = \"x.pem\"\n{settings}\n"));
    let old = plant.certificate("x.pem");
    let (_, document) = plant.due("");
    assert_eq!(document["renewals"][0]["outcome"], "renewed", "{document:#}");
    let new = plant.certificate("x.pem");
    assert_ne!(new.serial(), old.serial());
    for oid in ["subjectAltName", "extKeyUsage", "keyUsage"] {
        let value = |it: &certkit_core::Certificate| {
            it.extensions().iter().find(|it| it.oid.called() == oid).map(|it| it.value.to_vec())
        };
        assert_eq!(value(&new), value(&old), "{oid}");
    }
}

#[test]
fn partners_of_an_application_are_named() {
    let plant = Plant::new();
    plant.done("generate opcua --name Press --application-uri urn:plc7:Plant:Press --dns plc7 --days 10 -o pki");
    plant.done("generate opcua --name Client --application-uri urn:scada:Plant:Client --dns scada -o client");
    let own = fs::read_dir(plant.file("client/own/certs")).unwrap().next().unwrap().unwrap().path();
    fs::copy(own, plant.file("pki/trusted/certs/client.der")).unwrap();
    let named = |folder: &str| {
        let path = fs::read_dir(plant.file(folder)).unwrap().next().unwrap().unwrap().path();
        path.strip_prefix(plant.0.path()).unwrap().display().to_string()
    };
    let (certificate, key) = (named("pki/own/certs"), named("pki/own/private"));
    // The CA of the other sources is none of this one, which its partners trust by itself.
    plant.inventory(&format!(
        "[defaults]\nrenew = {{ issuer = \"plant-ca\" }}\n[[source]]\nat = \"{certificate}\"\nrenew = {{ key = \"{key}\" }}\n"
    ));
    let before = plant.certificate(&certificate);
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (0, vec!["renewed"]), "{document}");
    let renewal = &document["renewals"][0];
    assert_eq!(renewal["partners"][0]["application_uri"], "urn:scada:Plant:Client", "{document}");
    assert!(renewal["notes"].to_string().contains("every partner that trusts the old certificate"), "{document}");
    let after = plant.certificate(&certificate);
    assert!(after.spki() == before.spki() && after != before && plant.read(&certificate) == after.der());
    assert!(after.is_self_signed());
    // Without its own key nobody renews it, and a CA that cannot be read is not asked for.
    plant.inventory(&format!(
        "[defaults]\nwarn = \"9000d\"\nrenew = {{ issuer = \"no-such-ca\" }}\n[[source]]\nat = \"{certificate}\"\nrenew = {{}}\n"
    ));
    let (status, document) = plant.due("");
    assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{document}");
    assert!(document["renewals"][0]["hints"].to_string().contains("of this source"), "{document}");
}

#[test]
fn what_cannot_be_renewed_is_told_and_nothing_is_written() {
    let plant = Plant::new();
    plant.leaf("press", 10);
    plant.leaf("pump", 10);
    let tunnel = [b"remote plc7 1194\n<cert>\n", plant.read("tls/press.pem").as_slice(), b"</cert>\n"].concat();
    fs::write(plant.file("tls/tunnel.pem"), tunnel).unwrap();
    fs::write(plant.file("tls/many.pem"), [plant.read("tls/press.pem"), plant.read("tls/pump.pem")].concat()).unwrap();
    plant.inventory("[[source]]\nat = \"tls/press.pem\"\n");
    for (bad, said) in [
        (
            "[[source]]\nat = [\"tls/press.pem\", \"tls/pump.pem\"]\nrenew = { key = \"a\" }",
            "is only for a single source",
        ),
        ("[defaults]\nrenew = { endpoint = \"plc7\" }", "is only for a single source"),
        ("[[source]]\nat = \"tls/press.pem\"", "no source has `renew`"),
        ("[[source]]\nat = \"tls/press.pem\"\nrenew = { isuer = \"x\" }", "did you mean `issuer`"),
    ] {
        plant.inventory(&format!("{bad}\n"));
        let output = plant.run("renew --due --config plant.toml");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && error.contains(said), "{bad}: {error}");
    }
    for (bad, said) in [
        ("at = \"tls\"\nrenew = {}", "for one file"),
        ("at = \"https://plc7\"\nrenew = {}", "`renew` is for files"),
        ("at = \"tls/press.pem\"\nrenew = {}", "was issued by a CA"),
        ("at = \"tls/none.pem\"\nrenew = {}", "there is no such file"),
        ("at = \"tls/tunnel.pem\"\nrenew = { issuer = \"plant-ca\" }", "the text in line 1"),
        ("at = \"tls/many.pem\"\nrenew = { issuer = \"plant-ca\" }", "issued no certificate in it"),
        ("at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", key = \"tls/pump-key.pem\" }", "does not belong"),
        (
            "at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", rekey = true }",
            "no output given for the new private key",
        ),
        ("at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", reload = [] }", "names no program"),
        ("at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", reload = [\"no-such-program\"] }", "no program"),
        ("at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", patience = \"soon\" }", "`patience`"),
        ("at = \"tls/press.pem\"\nrenew = { issuer = \"plant-ca\", accept = [\"all\"] }", "unknown finding"),
        (
            "at = \"tls/press.pem\"\nrenew = { issuer-password-file = \"a\", issuer-password-env = \"B\", issuer = \"plant-ca\" }",
            "given twice",
        ),
        (
            "at = \"plant-ca/issuing/ca.pem\"\nwarn = \"9000d\"\nrenew = { issuer = \"plant-ca/root\" }",
            "certificate of a CA",
        ),
    ] {
        plant.inventory(&format!("[[source]]\n{bad}\n"));
        let before = plant.all();
        let (status, document) = plant.due("");
        assert_eq!((status, outcomes(&document)), (2, vec!["failed"]), "{bad}: {document}");
        let error = document["renewals"][0]["error"].as_str().unwrap();
        assert!(error.contains(said), "{bad}: {error}");
        assert!(before == plant.all(), "{bad}");
    }
    for bad in ["renew", "renew --due", "renew --due --config plant.toml tls/press.pem", "renew tls/press.pem --rekey"]
    {
        assert_eq!(plant.run(bad).status.code(), Some(3), "{bad}");
    }
}
