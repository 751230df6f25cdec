//! What becomes of tasks: their command lines, what they are handed, and what leads out of the folder.

use crate::server::{Response, Served, options};

/// The value of an event.
pub(crate) fn event(response: &Response, name: &str) -> serde_json::Value {
    let chunk = response.body.split("\n\n").find(|it| it.contains(&format!("event: {name}\n")));
    let data = chunk.and_then(|it| it.lines().find_map(|line| line.strip_prefix("data: ")));
    data.map_or(serde_json::Value::Null, |data| serde_json::from_str(data).unwrap())
}

pub(crate) async fn ask(served: &Served, path: &str, cookie: &str, asked: &str, files: &[&str]) -> Response {
    served.run(path, &served.own(cookie), asked, files).await
}

#[tokio::test]
async fn every_task_is_a_command_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pki")).unwrap();
    std::fs::write(folder.path().join("ca.pem"), "").unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let at = folder.path().display();
    let print = "ab".repeat(32);
    for (task, line) in [
        (
            r#"{"task":"fetch","host":"twx.plant.example"}"#.to_owned(),
            "fetch --json --part=ca thingworx://twx.plant.example".to_owned(),
        ),
        (
            r#"{"task":"fetch","host":"https://10.0.0.5:8443","server_name":"twx","trust":[{"place":"ca.pem"}]}"#
                .to_owned(),
            format!("fetch --json --part=ca --server-name=twx --trust={at}/ca.pem https://10.0.0.5:8443"),
        ),
        (
            r#"{"task":"check","inputs":[{"place":"pki"},{"address":"plc7:4840"},{"address":"twx:8443/x"}],"host":"-x"}"#
                .to_owned(),
            format!("check --json --host=-x {at}/pki tls://plc7:4840 https://twx:8443/x"),
        ),
        (r#"{"task":"explain","text":"-2146762487"}"#.to_owned(), "explain --json -- -2146762487".to_owned()),
        (r#"{"task":"explain","log":{"place":"ca.pem"}}"#.to_owned(), format!("explain --json --log={at}/ca.pem")),
        (
            r#"{"task":"preflight","own":{"place":"pki"},"peer":{"address":"opc.tcp://plc7:4840"},"role":"client"}"#
                .to_owned(),
            format!("preflight --json --role=client {at}/pki opc.tcp://plc7:4840"),
        ),
        (
            r#"{"task":"expiry","inputs":[{"store":"system"}],"warn":"45d","form":"html"}"#.to_owned(),
            "expiry --format=html --warn=45d system".to_owned(),
        ),
        (
            r#"{"task":"generate","kind":"https","name":"a","subject":"CN=a","folder":"new","issuer":{"place":"ca.pem"},"issuer_key":{"place":"ca.pem"},"accept":["self-signed"]}"#
                .to_owned(),
            format!("generate https --json --name=a --subject=CN=a --issuer={at}/ca.pem --issuer-key={at}/ca.pem --accept=self-signed --output={at}/new"),
        ),
        (r#"{"task":"check","inputs":[{"place":""}]}"#.to_owned(), format!("check --json {at}")),
        (
            r#"{"task":"generate","kind":"opcua","name":"Line 3","folder":"pki/new"}"#.to_owned(),
            format!("generate opcua --json --name=Line 3 --output={at}/pki/new"),
        ),
        (
            r#"{"task":"review","sources":[{"place":"ca.pem"}],"servers":["kepware://kep7"],"follow":true}"#.to_owned(),
            format!("review --format=json --follow kepware://kep7 {at}/ca.pem"),
        ),
        (r#"{"task":"trust-list","store":{"store":"mozilla"}}"#.to_owned(), "trust list --json mozilla".to_owned()),
        (
            r#"{"task":"trust-add","store":{"place":"pki"},"inputs":[{"place":"ca.pem"}],"confirmed":false}"#
                .to_owned(),
            format!("trust add --json --dry-run {at}/pki {at}/ca.pem"),
        ),
        (
            format!(
                r#"{{"task":"trust-move","verb":"approve","store":{{"place":"pki"}},"meant":["{print}"],"confirmed":true}}"#
            ),
            format!("trust approve --json {at}/pki {print}"),
        ),
        (
            r#"{"task":"trust-undo","store":{"place":"pki"},"confirmed":false}"#.to_owned(),
            format!("trust undo --json --dry-run {at}/pki"),
        ),
    ] {
        let response = ask(&served, &path, &cookie, &format!(r#"{{"task":{task}}}"#), &[]).await;
        let answer = event(&response, "answer");
        let document = answer["document"].as_str().unwrap_or_else(|| panic!("{task}: {response:?}"));
        assert_eq!(document.lines().next(), Some(line.as_str()), "{task}");
        assert!(event(&response, "command").as_str().unwrap().starts_with("certkit "), "{response:?}");
        assert_eq!((answer["status"].as_u64(), answer["notes"].as_str()), (Some(1), Some("noted")));
    }
}

#[tokio::test]
async fn files_are_handed_over_under_their_names_and_passwords_under_none() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let asked = r#"{"task":{"task":"check","inputs":[{"dropped":"a.p12"},{"dropped":"pki"}]},
        "files":[{"name":"a.p12","size":0},{"name":"pki/own/b.der","size":1}],"passwords":["secret one","secret two","secret one",""]}"#;
    let response = ask(&served, &path, &cookie, asked, &["first", "second"]).await;
    let document = event(&response, "answer")["document"].as_str().unwrap().to_owned();
    assert_eq!(
        document,
        "check --json --password-file=password.txt a.p12 pki\n\
         a.p12=first pki/own/b.der=second password.txt=secret one\nsecret two\n\n"
    );
    assert!(!event(&response, "command").as_str().unwrap().contains("secret"));

    // What is called like a store is not one.
    let stores = r#"{"task":{"task":"check","inputs":[{"dropped":"mozilla"},{"dropped":"system"}]},
        "files":[{"name":"mozilla/a.pem","size":0},{"name":"system","size":1}]}"#;
    let response = ask(&served, &path, &cookie, stores, &["first", "second"]).await;
    let document = event(&response, "answer")["document"].as_str().unwrap().to_owned();
    assert_eq!(document, "check --json ./mozilla ./system\n./mozilla/a.pem=first ./system=second\n");

    let taken = r#"{"task":{"task":"check","inputs":[{"dropped":"password.txt"}]},"files":[{"name":"password.txt","size":0}],"passwords":["x"]}"#;
    let response = ask(&served, &path, &cookie, taken, &["mine"]).await;
    let document = event(&response, "answer")["document"].as_str().unwrap().to_owned();
    assert!(
        document.contains("--password-file=password-2.txt password.txt\npassword.txt=mine password-2.txt=x\n"),
        "{document}"
    );
}

#[tokio::test]
async fn nothing_leads_out_of_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("inner");
    std::fs::create_dir_all(inner.join("pki")).unwrap();
    std::fs::write(outer.path().join("secret.pem"), "x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path(), inner.join("out")).unwrap();
    let served = Served::new(options(&inner)).await;
    let (path, cookie) = served.open().await;
    let absolute = outer.path().join("secret.pem");
    let absolute = absolute.to_str().unwrap();
    for place in [
        "../secret.pem",
        "pki/../../secret.pem",
        absolute,
        "/etc/passwd",
        "out/secret.pem",
        "out",
        "none.pem",
        "a\\u0000b",
    ] {
        let asked = format!(r#"{{"task":{{"task":"check","inputs":[{{"place":"{place}"}}]}}}}"#);
        let response = ask(&served, &path, &cookie, &asked, &[]).await;
        assert_eq!(response.status, 422, "{place}: {response:?}");
        let listing = served
            .get(&format!("{path}folder?of={}", place.replace('/', "%2F").replace("\\u0000", "%00")), &[&cookie])
            .await;
        assert_eq!(listing.status, 422, "{place}: {listing:?}");
        let new = format!(r#"{{"task":{{"task":"generate","kind":"https","name":"x","folder":"{place}/new"}}}}"#);
        let response = ask(&served, &path, &cookie, &new, &[]).await;
        assert_eq!(response.status, 422, "{place}: {response:?}");
    }
    for (given, why) in [
        (r#"{"dropped":"a.pem"}"#, "was not handed over"),
        (r#"{"dropped":""}"#, "was not handed over"),
        (r#"{"address":"/etc/passwd"}"#, "is no endpoint"),
        (r#"{"address":"-"}"#, "is no endpoint"),
        (r#"{"address":"pem:///etc/ssl/cert.pem"}"#, "is no endpoint"),
        (r#"{"address":"hashed:///etc/ssl/certs"}"#, "is no endpoint"),
        (r#"{"address":"opcua://x"}"#, "is no endpoint"),
        (r#"{"address":"file:///etc/passwd"}"#, "is no endpoint"),
        (r#"{"address":"jks:/etc/x:80"}"#, "is no endpoint"),
        (r#"{"address":"system"}"#, "is no endpoint"),
        (r#"{"address":"//server/share:80"}"#, "is no endpoint"),
        (r#"{"store":"/etc/ssl"}"#, "is no store"),
        (r#"{"store":"pem:a.pem"}"#, "is no store"),
        (r#"{"store":"windows:/../../etc"}"#, "is no store"),
        (r#"{"store":"windows:CurrentUser\\..\\x"}"#, "is no store"),
    ] {
        let asked = format!(r#"{{"task":{{"task":"check","inputs":[{given}]}}}}"#);
        let response = ask(&served, &path, &cookie, &asked, &[]).await;
        assert!(response.status == 422 && response.body.contains(why), "{given}: {response:?}");
    }
    for task in [
        r#""task":"check","inputs":[{"store":"system"}],"trust":[{"dropped":"a.pem"}]"#,
        r#""task":"expiry","inputs":[],"config":{"dropped":"a.pem"}"#,
        r#""task":"generate","kind":"https","name":"x","folder":"new","issuer":{"dropped":"a.pem"}"#,
        r#""task":"review","sources":[],"data_dir":{"dropped":"a.pem"}"#,
        r#""task":"trust-list","store":{"dropped":"a.pem"}"#,
        r#""task":"trust-add","store":{"dropped":"a.pem"},"inputs":[{"dropped":"a.pem"}],"confirmed":true"#,
    ] {
        // What these read lies on the disk, where a file of that name is another one.
        let asked = format!(r#"{{"task":{{{task}}},"files":[{{"name":"a.pem","size":0}}]}}"#);
        let response = ask(&served, &path, &cookie, &asked, &["x"]).await;
        assert!(response.status == 422 && response.body.contains("was handed over"), "{task}: {response:?}");
    }
    let other = r#"{"address":"tls://plc7:4840"}"#;
    for (task, given) in [
        (r#""task":"check","inputs":[{"store":"system"}],"trust":[X]"#, other),
        (r#""task":"fetch","host":"twx","trust":[X]"#, other),
        (r#""task":"expiry","inputs":[],"config":X"#, r#"{"store":"system"}"#),
        (r#""task":"expiry","inputs":[],"config":X"#, other),
        (r#""task":"generate","kind":"https","name":"x","folder":"new","issuer":X"#, other),
        (r#""task":"generate","kind":"https","name":"x","folder":"new","issuer":X"#, r#"{"store":"mozilla"}"#),
        (r#""task":"review","sources":[],"data_dir":X"#, other),
        (r#""task":"review","sources":[],"config":X"#, other),
        (r#""task":"trust-list","store":X"#, other),
        (r#""task":"trust-add","store":X,"inputs":[{"place":"pki"}],"confirmed":true"#, other),
        (r#""task":"trust-move","verb":"remove","store":X,"meant":[],"confirmed":true"#, other),
        (r#""task":"trust-undo","store":X,"confirmed":true"#, other),
    ] {
        let asked = format!(r#"{{"task":{{{}}}}}"#, task.replace('X', given));
        let response = ask(&served, &path, &cookie, &asked, &[]).await;
        assert!(response.status == 422 && response.body.contains("is no file or folder"), "{task}: {response:?}");
    }
    let asked = r#"{"task":{"task":"review","sources":[],"servers":["http://user:s3cret@kep7"]}}"#;
    let response = ask(&served, &path, &cookie, asked, &[]).await;
    assert!(response.status == 422 && !response.body.contains("s3cret"), "{response:?}");
    let response = ask(&served, &path, &cookie, r#"{"task":{"task":"trust-list"}}"#, &[]).await;
    assert!(response.status == 422 && response.body.contains("the store is not named"), "{response:?}");
    for name in ["../a", "/etc/a", "", ".", "-", "a/../b", "plc7:4840", "pem:a"] {
        let asked = format!(r#"{{"task":{{"task":"check","inputs":[]}},"files":[{{"name":"{name}","size":0}}]}}"#);
        assert_eq!(ask(&served, &path, &cookie, &asked, &["x"]).await.status, 422, "{name}");
    }
    let meant = r#"{"task":{"task":"trust-move","verb":"remove","store":{"place":"pki"},"meant":["../secret.pem"],"confirmed":true}}"#;
    let response = ask(&served, &path, &cookie, meant, &[]).await;
    assert!(response.status == 422 && response.body.contains("no fingerprint"), "{response:?}");

    let listing = served.get(&format!("{path}folder"), &[&cookie]).await;
    let listing: serde_json::Value =
        serde_json::from_str(listing.body.lines().find(|it| it.starts_with('{')).unwrap()).unwrap();
    assert_eq!(listing["files"], serde_json::json!([]), "{listing}");
    assert!(listing["folders"].as_array().unwrap().contains(&"pki".into()), "{listing}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    for asked in [
        "",
        "{}",
        r#"{"task":{"task":"ui"}}"#,
        r#"{"task":{"task":"demo"}}"#,
        r#"{"task":{"task":"check"}}"#,
        r#"{"task":{"task":"check","inputs":[],"output":"x"}}"#,
        r#"{"task":{"task":"explain","text":"x"},"words":["x"]}"#,
        r#"{"task":{"task":"explain","text":"x"},"files":[{"name":"a","size":9}]}"#,
        "{\"task\":{\"task\":\"explain\",\"text\":\"x\"}}\nmore",
    ] {
        assert_eq!(served.post(&path, &served.own(&cookie), asked).await.status, 400, "{asked}");
    }
    let lines = r#"{"task":{"task":"check","inputs":[{"store":"mozilla"}]},"passwords":["a\nb"]}"#;
    let response = ask(&served, &path, &cookie, lines, &[]).await;
    assert!(response.status == 422 && !response.body.contains('a'.to_string().repeat(2).as_str()), "{response:?}");
}

/// A text that is ignored silently looks like one that was explained.
#[tokio::test]
async fn a_message_and_a_log_are_two_questions() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let asked = r#"{"task":{"task":"explain","text":"x","log":{"dropped":"l"}},"files":[{"name":"l","size":0}]}"#;
    let response = ask(&served, &path, &cookie, asked, &["x"]).await;
    assert!(response.status == 422 && response.body.contains("two questions"), "{response:?}");
}

#[tokio::test]
async fn refusals_speak_the_language_of_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let german = "Accept-Language: de".to_owned();
    let lines = [served.own(&cookie), vec![german.clone()]].concat();
    for (task, why) in [
        (r#"{"task":"trust-list"}"#, "der Store ist nicht genannt"),
        (r#"{"task":"check","inputs":[{"place":"../a"}]}"#, "`../a` liegt nicht unter dem Ordner"),
        (r#"{"task":"check","inputs":[{"place":"none"}]}"#, "`none` kann nicht geöffnet werden ("),
    ] {
        let response = served.run(&path, &lines, &format!(r#"{{"task":{task}}}"#), &[]).await;
        assert!(response.status == 422 && response.body.contains(why), "{task}: {response:?}");
    }
    let listing = served.get(&format!("{path}folder?of=.."), &[&cookie, &german]).await;
    assert!(listing.body.contains("liegt nicht unter"), "{listing:?}");
    let other = served.get(&path, &[&german]).await;
    assert!(other.status == 403 && other.body.contains("dieser Browser hat die Seite nicht geöffnet"), "{other:?}");
    let used = served.get(&served.link, &[&german]).await;
    assert!(used.body.contains("dieser Link wurde schon benutzt"), "{used:?}");
}

#[tokio::test]
async fn a_run_that_breaks_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    for _ in 0..10 {
        let response = ask(&served, &path, &cookie, r#"{"task":{"task":"explain","text":"panic"}}"#, &[]).await;
        assert!(event(&response, "failed").is_string(), "{response:?}");
    }
    let response = ask(&served, &path, &cookie, r#"{"task":{"task":"explain","text":"x"}}"#, &[]).await;
    assert!(event(&response, "answer").is_object(), "{response:?}");
}
