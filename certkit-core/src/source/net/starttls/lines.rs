//! Protocols in lines: SMTP (RFC 3207), IMAP (RFC 9051 section 6.2.1), POP3 (RFC 2595 section 4), FTP (RFC 4217).

use super::Talk;
use crate::source::net::error::Fault;

/// The most lines of one reply.
const LINES: usize = 100;

/// A name that belongs to nobody (RFC 2606), since an SMTP server wants one.
const OURSELVES: &str = "certkit.invalid";

/// Reads a reply of SMTP or FTP: its code, and its lines.
async fn reply(talk: &mut Talk<'_>) -> Result<(u16, Vec<String>), Fault> {
    let mut lines = Vec::new();
    let mut code = None;
    loop {
        let line = talk.line().await?;
        let own = line.get(..3).and_then(|digits| digits.parse::<u16>().ok());
        let is_last =
            own.is_some() && line.as_bytes().get(3) != Some(&b'-') && code.is_none_or(|code| Some(code) == own);
        // Lines in the middle of a reply of FTP need no code.
        if code.is_none() && own.is_none() {
            return Err(talk.other(line));
        }
        code = code.or(own);
        lines.push(line);
        if let Some(code) = code.filter(|_| is_last) {
            return Ok((code, lines));
        }
        if lines.len() > LINES {
            return Err(Fault::TooLarge { limit: LINES, unit: "lines in a reply before TLS" });
        }
    }
}

pub(super) async fn smtp(talk: &mut Talk<'_>) -> Result<(), Fault> {
    expect(talk, 220).await?;
    talk.say(format!("EHLO {OURSELVES}\r\n").as_bytes()).await?;
    let offered = expect(talk, 250).await?;
    let is_offered = |line: &String| line.get(4..).is_some_and(|it| it.trim().eq_ignore_ascii_case("STARTTLS"));
    if !offered.iter().any(is_offered) {
        return Err(talk.not_offered());
    }
    talk.say(b"STARTTLS\r\n").await?;
    expect(talk, 220).await.map(|_| ())
}

pub(super) async fn ftp(talk: &mut Talk<'_>) -> Result<(), Fault> {
    expect(talk, 220).await?;
    talk.say(b"AUTH TLS\r\n").await?;
    expect(talk, 234).await.map(|_| ())
}

/// Reads a reply that has to have this code.
async fn expect(talk: &mut Talk<'_>, wanted: u16) -> Result<Vec<String>, Fault> {
    match reply(talk).await? {
        (code, lines) if code == wanted => Ok(lines),
        (_, lines) => Err(talk.refused(lines.join(" "))),
    }
}

pub(super) async fn imap(talk: &mut Talk<'_>) -> Result<(), Fault> {
    let greeting = talk.line().await?;
    let word = greeting.strip_prefix("* ").and_then(|it| it.split(' ').next()).unwrap_or_default().to_ascii_uppercase();
    match word.as_str() {
        "OK" | "PREAUTH" => {}
        "BYE" => return Err(talk.refused(greeting)),
        _ => return Err(talk.other(greeting)),
    }
    talk.say(b"a1 STARTTLS\r\n").await?;
    for _ in 0..LINES {
        let line = talk.line().await?;
        if let Some(answer) = line.strip_prefix("a1 ") {
            let is_ok = answer.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("OK"));
            return if is_ok { Ok(()) } else { Err(talk.refused(answer)) };
        }
    }
    Err(Fault::TooLarge { limit: LINES, unit: "lines in a reply before TLS" })
}

pub(super) async fn pop3(talk: &mut Talk<'_>) -> Result<(), Fault> {
    let greeting = talk.line().await?;
    if !greeting.starts_with('+') {
        return Err(if greeting.starts_with('-') { talk.refused(greeting) } else { talk.other(greeting) });
    }
    talk.say(b"STLS\r\n").await?;
    let answer = talk.line().await?;
    if answer.starts_with('+') { Ok(()) } else { Err(talk.refused(answer)) }
}
