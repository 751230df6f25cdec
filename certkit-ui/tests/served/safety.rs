//! Who is answered and who is not.

use std::time::Duration;

use crate::server::{Served, options};

#[tokio::test]
async fn the_link_opens_the_page_once() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    // Who only looks whether it is there does not use it up.
    let looked = served
        .say(
            format!(
                "HEAD {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                served.link,
                format_args!("127.0.0.1:{}", served.port)
            )
            .as_bytes(),
        )
        .await;
    assert!(looked.status == 405 && !looked.head.contains("set-cookie"), "{looked:?}");
    let (path, cookie) = served.open().await;
    let page = served.get(&path, &[&cookie]).await;
    assert!(page.status == 200 && page.body.contains("<html lang=\"en\">") && page.body.contains("1.2.3"), "{page:?}");

    let again = served.get(&served.link, &[]).await;
    assert_eq!(again.status, 403, "{again:?}");
    assert!(!again.head.contains("set-cookie") && again.body.contains("used already"), "{again:?}");
    let guessed = served.get("/open/0000", &[]).await;
    assert_eq!(guessed.status, 403, "{guessed:?}");
}

#[tokio::test]
async fn an_old_link_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(certkit_ui::Options {
        link_lives: Duration::from_millis(1),
        idle: Duration::from_secs(60),
        ..options(folder.path())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(served.get(&served.link, &[]).await.status, 403);
}

#[tokio::test]
async fn the_cookie_is_for_this_page_alone() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let response = served.get(&served.link, &[]).await;
    let cookie = response.head.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    for part in ["; httponly", "; samesite=strict", "; path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("; path=/;") && !cookie.contains("domain="), "{cookie}");
}

#[tokio::test]
async fn nobody_without_the_cookie_gets_anything() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let asked = r#"{"task":{"task":"explain","text":"x"}}"#;
    let cut = &cookie[..cookie.len() - 1];
    for line in ["Cookie: certkit=", "Cookie: other=1", "X: y", cut] {
        for name in ["", "page.js", "folder", "alive"] {
            let response = served.get(&format!("{path}{name}"), &[line]).await;
            assert_eq!(response.status, 403, "{line} {name}: {response:?}");
        }
        let run = served.run(&path, &served.own(line), asked, &[]).await;
        assert_eq!(run.status, 403, "{line}: {run:?}");
    }
    for path in ["/", "/page.js", "/run", "/favicon.ico", "/folder"] {
        assert_eq!(served.get(path, &[&cookie]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_name_that_points_here_is_not_this_server() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let port = served.port;
    let ask = async |hosts: &str| {
        let head = format!("GET {path} HTTP/1.1\r\n{hosts}Connection: close\r\n{cookie}\r\n\r\n");
        served.say(head.as_bytes()).await.status
    };
    for host in [
        "rebound.example",
        &format!("rebound.example:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
        &format!("127.0.0.1.example:{port}"),
    ] {
        assert_eq!(ask(&format!("Host: {host}\r\n")).await, 403, "{host}");
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        assert_eq!(ask(&format!("Host: {host}:{port}\r\n")).await, 200, "{host}");
    }
    assert_ne!(ask(&format!("Host: 127.0.0.1:{port}\r\nHost: rebound.example\r\n")).await, 200);
    assert_ne!(ask("").await, 200);
}

#[tokio::test]
async fn another_page_gets_nothing_though_the_browser_sends_the_cookie() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let asked = r#"{"task":{"task":"explain","text":"x"}}"#;
    let port = served.port;
    let own = format!("Origin: http://127.0.0.1:{port}");
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        &format!("https://127.0.0.1:{port}"),
        &format!("http://localhost:{port}"),
    ] {
        let line = format!("Origin: {origin}");
        let run = served.run(&path, &[cookie.clone(), line.clone()], asked, &[]).await;
        assert_eq!(run.status, 403, "{origin}: {run:?}");
        assert_eq!(served.get(&path, &[&cookie, &line]).await.status, 403, "{origin}");
    }
    assert_eq!(served.run(&path, std::slice::from_ref(&cookie), asked, &[]).await.status, 403, "without an origin");
    let twice = [cookie.clone(), own.clone(), "Origin: https://evil.example".to_owned()];
    assert_eq!(served.run(&path, &twice, asked, &[]).await.status, 403);
    for site in ["cross-site", "same-site"] {
        let line = format!("Sec-Fetch-Site: {site}");
        assert_eq!(served.get(&path, &[&cookie, &line]).await.status, 403, "{site}");
    }
    assert_eq!(served.run(&path, &[cookie, own], asked, &[]).await.status, 200);
}

#[tokio::test]
async fn the_browser_is_told_to_let_nothing_in() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    for path in ["/", &path, &format!("{path}page.js"), &format!("{path}nothing"), "/open/x"] {
        let head = served.get(path, &[&cookie]).await.head;
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self';",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(line), "{path}: {line}: {head}");
        }
        assert!(!head.contains("access-control") && !head.contains("unsafe"), "{head}");
    }
    let preflight = format!(
        "OPTIONS {path}run HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: https://evil.example\r\n\
         Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n",
        served.port
    );
    let answer = served.say(preflight.as_bytes()).await;
    assert!(answer.status == 403 && !answer.head.contains("access-control"), "{answer:?}");
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let own = served.own(&cookie).join("\r\n");
    let head = format!(
        "POST {path}run HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{own}\r\nContent-Type: \
         application/octet-stream\r\n",
        served.port
    );
    let told = served.say(format!("{head}Content-Length: {}\r\n\r\n", 65 * 1024 * 1024).as_bytes()).await;
    assert!(told.status == 413 && told.body.contains("64 MiB"), "{told:?}");
    let undetermined = served.say(format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").as_bytes()).await;
    assert_eq!(undetermined.status, 400, "{undetermined:?}");

    let asked = format!(r#"{{"task":{{"task":"explain","text":"{}"}}}}"#, "x".repeat(2 * 1024 * 1024));
    let talk = served.run(&path, &served.own(&cookie), &asked, &[]).await;
    assert_eq!(talk.status, 400, "{talk:?}");
}

#[tokio::test]
async fn what_a_form_can_send_is_no_task() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let asked = r#"{"task":{"task":"explain","text":"x"}}"#;
    let lines = served.own(&cookie).join("\r\n");
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        let head = format!(
            "POST {path}run HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{lines}\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n\r\n{asked}",
            served.port,
            asked.len()
        );
        assert_eq!(served.say(head.as_bytes()).await.status, 415, "{kind}");
    }
}

#[tokio::test]
async fn only_loopback_listens() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    // Linux reaches all of 127.0.0.0/8 on a socket that listens everywhere.
    if cfg!(target_os = "linux") {
        assert!(tokio::net::TcpStream::connect(("127.0.0.2", served.port)).await.is_err());
    }
}
