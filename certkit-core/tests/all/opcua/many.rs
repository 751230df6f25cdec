//! Many servers in one run.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use certkit_core::source::discover;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use super::recorded::recording;
use super::server::{endpoint, within};

const SERVERS: usize = 500;

/// So few at a time that neither files nor patience run out.
const AT_ONCE: usize = 50;

/// Starts servers that all say what node-opcua said once.
fn start() -> Vec<SocketAddr> {
    let (send, receive) = std::sync::mpsc::channel();
    let said: &'static [u8] = recording("node-opcua-chain.bin").leak();
    thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            for _ in 0..SERVERS {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                tokio::spawn(async move {
                    while let Ok((mut stream, _)) = listener.accept().await {
                        stream.write_all(said).await.unwrap();
                        let _ = stream.read_to_end(&mut Vec::new()).await;
                    }
                });
            }
            drop(send);
            std::future::pending::<()>().await;
        });
    });
    receive.iter().collect()
}

/// Asks all of them once; gives how many endpoints they have.
async fn ask(servers: &[SocketAddr]) -> usize {
    let mut endpoints = 0;
    let mut tasks = JoinSet::new();
    for &address in servers {
        if tasks.len() >= AT_ONCE {
            endpoints += tasks.join_next().await.unwrap().unwrap();
        }
        tasks.spawn(async move {
            let found = discover(&endpoint(address), &within(Duration::from_secs(20))).await.unwrap();
            assert_eq!(found.certificates()[0].chain().unwrap().len(), 3);
            found.endpoints.len()
        });
    }
    while let Some(found) = tasks.join_next().await {
        endpoints += found.unwrap();
    }
    endpoints
}

#[cfg(target_os = "linux")]
#[test]
fn five_hundred_servers_take_the_memory_of_fifty() {
    let servers = start();
    assert_eq!(servers.len(), SERVERS);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(ask(&servers[..100])), 600);
    let before = super::server::peak();
    assert_eq!(runtime.block_on(ask(&servers)), 6 * SERVERS);
    let grown = super::server::peak() - before;
    assert!(grown < 6_000, "{grown} kB");
}
