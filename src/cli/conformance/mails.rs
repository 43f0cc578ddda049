//! Dialogues of SMTP: each line is said after the reply to the one before it.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest time for a reply.
const WITHIN: Duration = Duration::from_secs(30);

/// Says the lines; answers the greeting and each reply as code, enhanced code and, for many lines, the words after it.
pub async fn talk(at: SocketAddr, say: &[String]) -> Result<Vec<String>, String> {
    let broken = |error: std::io::Error| format!("the mail line broke: {error}");
    let (from, mut to) = TcpStream::connect(at).await.map_err(broken)?.into_split();
    let mut from = BufReader::new(from);
    let mut heard = vec![reply(&mut from).await?];
    for line in say {
        to.write_all(format!("{line}\r\n").as_bytes()).await.map_err(broken)?;
        heard.push(reply(&mut from).await?);
    }
    Ok(heard)
}

/// One reply, its sentence left out: codes are the contract, and extensions are.
async fn reply(from: &mut (impl AsyncBufReadExt + Unpin)) -> Result<String, String> {
    let mut lines: Vec<String> = Vec::new();
    loop {
        let mut line = String::new();
        let read = timeout(WITHIN, from.read_line(&mut line)).await;
        match read {
            Ok(Ok(1..)) if line.is_char_boundary(4.min(line.len())) && line.len() > 4 => {}
            Ok(Ok(0)) => return Ok("closed".to_owned()),
            Ok(Ok(_)) => return Err(format!("expected a reply, found {line:?}")),
            Ok(Err(error)) => return Err(format!("the mail line broke: {error}")),
            Err(_) => return Err(format!("no reply in {} s", WITHIN.as_secs())),
        }
        let last = line.as_bytes()[3] == b' ';
        lines.push(line.trim_end().to_owned());
        if last {
            break;
        }
    }
    let code = lines[0][..3].to_owned();
    if lines.len() > 1 {
        let mut words: Vec<&str> = lines[1..].iter().map(|line| &line[4..]).collect();
        words.sort_unstable();
        return Ok(format!("{code} {}", words.join(", ")));
    }
    let enhanced = lines[0][4..].split(' ').next().unwrap_or("");
    let is_code = enhanced.split('.').count() == 3 && enhanced.split('.').all(|part| part.parse::<u16>().is_ok());
    Ok(if is_code { format!("{code} {enhanced}") } else { code })
}
