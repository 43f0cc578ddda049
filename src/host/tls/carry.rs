//! Carries bytes between a client behind TLS and the plain listener, until both have ended or one is broken.
//!
//! How long a client may be silent is the plain listener's business: it closes, and that ends the carrying. What only
//! this side can know is a client that does not take what there is for it.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf as PlainReader, WriteHalf as PlainWriter};
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::host::tls::{WITHIN, reset};

/// Bytes at a time.
const CHUNK: usize = 16 * 1_024;

/// How the plain side ended.
enum Ended {
    /// In good order.
    Closed,
    /// It broke the line.
    Broken,
}

/// Carries until the plain side has said all it has. What a client still says after that is for nobody.
pub async fn both_ways(client: TlsStream<TcpStream>, mut server: TcpStream) {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = server.split();
    let ended = {
        let mut up = std::pin::pin!(up(&mut from_client, &mut to_server));
        let mut down = std::pin::pin!(down(&mut from_server, &mut to_client));
        tokio::select! {
            ended = down.as_mut() => ended,
            // A client that is gone is gone; one that has only said all it has may still be answered.
            gone = up.as_mut() => if gone.is_ok() { down.await } else { return },
        }
    };
    let client = from_client.unsplit(to_client);
    if matches!(ended, Ended::Broken) {
        reset(&client);
    }
}

/// From the client to the plain side. An error is the client's, or a plain side that takes no more.
async fn up(client: &mut ReadHalf<TlsStream<TcpStream>>, server: &mut PlainWriter<'_>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match client.read(&mut chunk).await? {
            0 => return server.shutdown().await,
            count => server.write_all(&chunk[..count]).await?,
        }
    }
}

/// From the plain side to the client, who has [`WITHIN`] to take each chunk.
async fn down(server: &mut PlainReader<'_>, client: &mut WriteHalf<TlsStream<TcpStream>>) -> Ended {
    let mut chunk = vec![0; CHUNK];
    loop {
        match server.read(&mut chunk).await {
            Ok(0) => {
                // A goodbye that is not taken changes nothing.
                let _ = timeout(WITHIN, client.shutdown()).await;
                return Ended::Closed;
            }
            Ok(count) => {
                let written = async {
                    client.write_all(&chunk[..count]).await?;
                    client.flush().await
                };
                match timeout(WITHIN, written).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return Ended::Broken,
                }
            }
            Err(_) => return Ended::Broken,
        }
    }
}
