//! TLS in front of the plain listener, under the vendors' own names: for SDKs whose address is fixed.
//!
//! A connection is taken, its handshake is waited for, and what comes out of it is carried to the plain listener and back,
//! byte for byte. So there is one accept loop that speaks HTTP, with one set of limits and one router; here are only the
//! limits of TLS itself. A line that the plain side breaks is broken for the client too: faults that reset are real.
//!
//! It knows no request and no answer. Certificates are `authority`'s business.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::host::shutdown::Shutdown;
use crate::host::shutdown::door::Door;

pub mod authority;
mod carry;

use authority::Chain;

/// Hosts of the vendors whose contracts are spoken here, as their SDKs have them.
pub const HOSTS: [&str; 11] = [
    "api.solapi.com",
    "api.coolsms.co.kr",
    "kakaotalk-bizmessage.api.nhncloudservice.com",
    "api-alimtalk.cloud.toast.com",
    "sms.api.nhncloudservice.com",
    "api-sms.cloud.toast.com",
    "mars.ibapi.kr",
    "sandbox-mars.ibapi.kr",
    "sens.apigw.ntruss.com",
    "sens.apigw.gov-ntruss.com",
    "kakaoapi.aligo.in",
];

/// Connections at one time, handshakes among them; more wait in the kernel.
pub const CONNECTIONS_MAX: usize = 1_024;
/// How long a client may take over its handshake, and over taking what there is for it.
pub const WITHIN: Duration = Duration::from_secs(10);

/// How to listen for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Where; port 0 for any free one.
    pub listen: SocketAddr,
    /// The folder of the certificate authority.
    pub folder: PathBuf,
}

/// Why there is no TLS.
#[derive(Debug)]
pub enum TlsError {
    /// A file of the authority's folder cannot be used.
    File(PathBuf, io::Error),
    /// The key can be read by others.
    Open(PathBuf),
    /// A certificate could not be made.
    Certificate(String),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::File(path, error) => write!(f, "cannot use {}: {error}", path.display()),
            TlsError::Open(path) => {
                write!(f, "{}: expected a key that its owner alone can read (chmod 600)", path.display())
            }
            TlsError::Certificate(message) => write!(f, "cannot make a certificate: {message}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// Who answers handshakes, with that certificate. HTTP/1.1 alone is offered.
pub fn acceptor(chain: Chain) -> Result<TlsAcceptor, TlsError> {
    let wrong = |error: rustls::Error| TlsError::Certificate(error.to_string());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(wrong)?.with_no_client_auth();
    let mut config = config.with_single_cert(chain.certificates, chain.key).map_err(wrong)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Carries connections to the plain listener until the switch is thrown; then those that are open end with it.
pub async fn serve(listener: TcpListener, acceptor: TlsAcceptor, plain: SocketAddr, shutdown: Shutdown) {
    // The plain side says goodbye and closes; a client that does not take it is cut.
    let door = Door { connections_max: CONNECTIONS_MAX, goodbye_within: WITHIN / 2 };
    door.open(listener, shutdown, |stream, place| connection(stream, place, acceptor.clone(), plain)).await;
}

async fn connection(stream: TcpStream, _place: OwnedSemaphorePermit, acceptor: TlsAcceptor, plain: SocketAddr) {
    // It only makes things slower when it fails, and fails only on a socket that is gone already.
    let _ = stream.set_nodelay(true);
    // A client that says nothing, or no TLS, has nobody who could be told.
    let Ok(Ok(client)) = timeout(WITHIN, acceptor.accept(stream)).await else { return };
    match TcpStream::connect(plain).await {
        Ok(server) => {
            let _ = server.set_nodelay(true);
            carry::both_ways(client, server).await;
        }
        Err(error) => tracing::warn!(%error, "the plain listener could not be reached"),
    }
}

/// Breaks a client's line, so that it sees a reset and not an end.
fn reset(client: &TlsStream<TcpStream>) {
    // A zero linger turns the close into a reset. It fails only on a socket that is gone already.
    let _ = client.get_ref().0.set_zero_linger();
}

#[cfg(test)]
mod tests;
