//! MQTT as far as a probe needs it: a session without a user name, and whether it is let in.

use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::super::error::{Banner, Fault};
use crate::presented::MqttAnswer;

/// Opens a session without a user name, reads the answer and leaves; the caller bounds the time.
pub(super) async fn ask<S>(mut stream: S, random: [u8; 32]) -> Result<MqttAnswer, Fault>
where
    S: AsyncReadExt + AsyncWrite + Unpin,
{
    let failed = |error| Fault::from_stream(error, &[]);
    // Nobody else has this name, so that nobody is put out by it.
    let name: String = random.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("certkit-{name}");
    let length = u8::try_from(name.len()).unwrap_or_default();
    // CONNECT of MQTT 3.1.1: clean session, no user name, keep alive for 10 s.
    let mut packet = vec![0x10, length.saturating_add(12), 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 10, 0, length];
    packet.extend_from_slice(name.as_bytes());
    stream.write_all(&packet).await.map_err(failed)?;
    let mut answer = [0; 4];
    let mut read = 0;
    while let Some(rest) = answer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest).await.map_err(failed)? {
            0 => return Err(Fault::Closed),
            more => read = read.saturating_add(more),
        }
    }
    let [0x20, 2, _, code] = answer else {
        return Err(Fault::NotMqtt(Banner::read(&answer).unwrap_or_else(|| Banner::Binary(answer.to_vec()))));
    };
    // DISCONNECT; whether it is heard changes nothing any more.
    let _ = stream.write_all(&[0xe0, 0]).await;
    Ok(MqttAnswer(code))
}
