//! A server with an engine that says what it was asked, and a client that says exactly what it is told to.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use certkit_ui::{Answer, Bound, Engine, Handed, Options, Watch};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Repeats the command line, and the names and lengths of what it was handed. `explain wait` waits to be stopped, and
/// `explain stuck` does not look whether it is.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    pub(crate) stopped: Arc<Mutex<bool>>,
}

impl Engine for Echo {
    fn run(&self, words: &[String], handed: Vec<Handed>, watch: Watch) -> Answer {
        if words.last().is_some_and(|it| it == "stuck") {
            std::thread::sleep(Duration::from_secs(5));
        }
        if words.last().is_some_and(|it| it.ends_with("wait")) {
            watch.tell("1 of 2");
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(watch.stopped());
            *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        }
        assert!(words.last().is_none_or(|it| it != "panic"), "as it was told");
        let handed: Vec<String> =
            handed.iter().map(|it| format!("{}={}", it.name, String::from_utf8_lossy(&it.bytes))).collect();
        let document = format!("{}\n{}\n", words.join(" "), handed.join(" "));
        Answer { document: document.into_bytes(), notes: "noted".to_owned(), status: 1 }
    }
}

/// A server on loopback.
pub(crate) struct Served {
    pub(crate) port: u16,
    /// The path of the link.
    pub(crate) link: String,
    pub(crate) ended: JoinHandle<std::io::Result<()>>,
    pub(crate) stopped: Arc<Mutex<bool>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) fn options(folder: &Path) -> Options {
    let long = Duration::from_secs(600);
    Options {
        port: 0,
        folder: folder.to_owned(),
        idle: long,
        link_lives: long,
        version: "1.2.3",
        style: "* { box-sizing: border-box; }",
    }
}

impl Served {
    pub(crate) async fn new(options: Options) -> Served {
        let stopped = Arc::new(Mutex::new(false));
        let bound = Bound::new(Arc::new(Echo { stopped: Arc::clone(&stopped) }), options).await.unwrap();
        let link = bound.link();
        let (port, link) = link.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
        let (port, link) = (port.parse().unwrap(), format!("/{link}"));
        let ended = tokio::spawn(bound.serve(std::future::pending()));
        Served { port, link, ended, stopped }
    }

    /// Sends what it is given, and reads to the end.
    pub(crate) async fn say(&self, said: &[u8]) -> Response {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        // A server that refuses may have closed already.
        let _ = stream.write_all(said).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        Response { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Asks for a path with these header lines beside the host.
    pub(crate) async fn get(&self, path: &str, lines: &[&str]) -> Response {
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let host = format!("127.0.0.1:{}", self.port);
        self.say(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n").as_bytes()).await
    }

    /// Opens the page: the folder below which it lies, and the line with the cookie.
    pub(crate) async fn open(&self) -> (String, String) {
        let response = self.get(&self.link, &[]).await;
        assert_eq!(response.status, 200, "{response:?}");
        let cookie = response.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().to_owned();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let folder = response.body.split("url=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (folder, format!("Cookie: {cookie}"))
    }

    /// The header lines of a request of the page itself.
    pub(crate) fn own(&self, cookie: &str) -> Vec<String> {
        vec![cookie.to_owned(), format!("Origin: http://127.0.0.1:{}", self.port)]
    }

    /// Sends a task and files with header lines. The task names the files, and here is said how large they are.
    pub(crate) async fn run(&self, folder: &str, lines: &[String], asked: &str, files: &[&str]) -> Response {
        let mut asked = asked.replace('\n', " ");
        for (at, file) in files.iter().enumerate() {
            asked = asked.replace(&format!("\"size\":{at}}}"), &format!("\"size\": {}}}", file.len()));
        }
        self.post(folder, lines, &format!("{asked}\n{}", files.concat())).await
    }

    /// Sends the body of a task.
    pub(crate) async fn post(&self, folder: &str, lines: &[String], body: &str) -> Response {
        let host = format!("127.0.0.1:{}", self.port);
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!(
            "POST {folder}run HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\
             Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.say((head + body).as_bytes()).await
    }
}
