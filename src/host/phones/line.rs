//! Getting a line: one TCP connection and one handshake, with a time limit.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::host::phones::PhonesOptions;
use crate::sim::model::medium::Network;

/// The socket of a carrier.
pub type Line = WebSocketStream<TcpStream>;

/// How long a phone waits for a handshake to be answered.
pub const HANDSHAKE_WITHIN: Duration = Duration::from_secs(5);
/// Largest frame a phone takes.
const MESSAGE_MAX: usize = 64 * 1_024;

/// The address behind `ws://host:port`.
pub async fn resolve(url: &str) -> io::Result<SocketAddr> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, format!("expected ws://host:port, found {url:?}"));
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let (Some("ws"), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(wrong()) };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses = tokio::net::lookup_host((host, uri.port_u16().unwrap_or(80))).await?;
    addresses.next().ok_or_else(wrong)
}

/// How a try to connect came out.
pub enum Answered {
    /// A line.
    Line(Box<Line>),
    /// Refused, broken, or not answered in time. A phone does not care which.
    No,
    /// Refused because nothing is being played.
    NoRun,
    /// There is no server: its machine says that nobody listens at the address. No fault does that, because what is simulated
    /// is refused behind the connection.
    NoServer,
}

/// Connects to a network.
pub async fn connect(
    options: &PhonesOptions,
    address: SocketAddr,
    source: Option<IpAddr>,
    network: Network,
) -> Answered {
    let stream = match timeout(HANDSHAKE_WITHIN, reach(address, source)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => return Answered::NoServer,
        Ok(Err(_)) | Err(_) => return Answered::No,
    };
    timeout(HANDSHAKE_WITHIN, handshake(options, stream, network)).await.unwrap_or(Answered::No)
}

async fn reach(address: SocketAddr, source: Option<IpAddr>) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    if let Some(source) = source {
        socket.bind(SocketAddr::new(source, 0))?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn handshake(options: &PhonesOptions, stream: TcpStream, network: Network) -> Answered {
    let uri: Result<Uri, _> = format!("{}/ws/{}", options.url.trim_end_matches('/'), network.name()).parse();
    let Ok(uri) = uri else { return Answered::No };
    let mut request = ClientRequestBuilder::new(uri).with_sub_protocol("bongsu.v1");
    if let Some(token) = &options.token {
        request = request.with_header("Authorization", format!("Bearer {token}"));
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(4_096)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1_024)
        .max_message_size(Some(MESSAGE_MAX))
        .max_frame_size(Some(MESSAGE_MAX));
    match tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await {
        Ok((line, _)) => Answered::Line(Box::new(line)),
        Err(Error::Http(refused)) if says_no_run(refused.body().as_deref()) => Answered::NoRun,
        Err(_) => Answered::No,
    }
}

/// Whether a problem document says that nothing is being played.
fn says_no_run(body: Option<&[u8]>) -> bool {
    body.is_some_and(|body| String::from_utf8_lossy(body).contains("/problems/no-run"))
}
