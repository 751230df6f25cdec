//! How runs and the server end.

use std::time::Duration;

use crate::server::{Served, options};
use crate::tasks::{ask, event};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Runs that nobody waits for any more keep no one out, though a server may still let them wait.
#[tokio::test]
async fn who_goes_away_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    for _ in 0..3 {
        let asked =
            [r#"{"task":{"task":"explain","text":"stuck"}}"#; 8].map(|asked| begun(&served, &path, &cookie, asked));
        let mut open = Vec::new();
        for asked in asked {
            open.push(asked.await);
        }
        let full = ask(&served, &path, &cookie, r#"{"task":{"task":"explain","text":"x"}}"#, &[]).await;
        assert_eq!(full.status, 503, "{full:?}");
        drop(open);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let response = ask(&served, &path, &cookie, r#"{"task":{"task":"explain","text":"x"}}"#, &[]).await;
    assert!(event(&response, "answer").is_object(), "{response:?}");
}

/// A task that has begun.
async fn begun(served: &Served, path: &str, cookie: &str, body: &str) -> tokio::net::TcpStream {
    let head = format!(
        "POST {path}run HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\nContent-Type: application/octet-stream\r\n\
         Content-Length: {}\r\n\r\n{body}",
        served.port,
        served.own(cookie).join("\r\n"),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", served.port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = String::new();
    while !seen.contains("event: command") {
        let mut some = [0; 4096];
        let count = stream.read(&mut some).await.unwrap();
        seen += &String::from_utf8_lossy(&some[..count]);
    }
    stream
}

#[tokio::test]
async fn what_writes_goes_on_when_the_page_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let writes = r#"{"task":{"task":"generate","kind":"opcua","name":"x","folder":"wait"}}"#;
    drop(begun(&served, &path, &cookie, writes).await);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!*served.stopped.lock().unwrap());
}

#[tokio::test]
async fn who_goes_away_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let stream = begun(&served, &path, &cookie, r#"{"task":{"task":"explain","text":"wait"}}"#).await;
    assert!(!*served.stopped.lock().unwrap());
    drop(stream);
    for _ in 0..100 {
        if *served.stopped.lock().unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the run was not stopped");
}

#[tokio::test]
async fn the_server_ends_when_no_page_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let idle = Duration::from_millis(400);
    let served = Served::new(certkit_ui::Options { idle, ..options(folder.path()) }).await;
    let (path, cookie) = served.open().await;
    let mut open = tokio::net::TcpStream::connect(("127.0.0.1", served.port)).await.unwrap();
    let head = format!("GET {path}alive HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{cookie}\r\n\r\n", served.port);
    open.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(3 * idle).await;
    assert!(!served.ended.is_finished(), "a page was open");
    drop(open);
    tokio::time::timeout(10 * idle, served.ended).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn the_button_ends_the_server_and_tells_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let mut open = tokio::net::TcpStream::connect(("127.0.0.1", served.port)).await.unwrap();
    let head = format!("GET {path}alive HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{cookie}\r\n\r\n", served.port);
    open.write_all(head.as_bytes()).await.unwrap();
    let lines = served.own(&cookie).join("\r\n");
    let end = format!(
        "POST {path}end HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{lines}\r\nContent-Length: 0\r\n\r\n",
        served.port
    );
    assert_eq!(served.say(end.as_bytes()).await.status, 204);
    let mut seen = String::new();
    let _ = open.read_to_string(&mut seen).await;
    assert!(seen.contains("event: ended"), "{seen}");
    tokio::time::timeout(Duration::from_secs(5), served.ended).await.unwrap().unwrap().unwrap();
}
