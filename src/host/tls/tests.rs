//! Certificates that clients take, and clients that are cut.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::authority::{self, KEY_FILE};
use super::{TlsError, WITHIN, acceptor, serve};
use crate::host::shutdown::{Trigger, shutdown};

const LONG: Duration = Duration::from_secs(30);

/// TLS in front of a listener that answers each line with itself, and breaks the line at `break`.
struct Front {
    address: SocketAddr,
    folder: tempfile::TempDir,
    _trigger: Trigger,
}

async fn front() -> Front {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = authority::open(folder.path()).expect("an authority");
    let plain = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let to = plain.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = plain.accept().await {
            tokio::spawn(echo(stream));
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("an address");
    let (trigger, asked) = shutdown();
    tokio::spawn(serve(listener, acceptor(chain).expect("a certificate"), to, asked));
    Front { address, folder, _trigger: trigger }
}

async fn echo(mut stream: TcpStream) {
    let mut chunk = [0; 64];
    while let Ok(count @ 1..) = stream.read(&mut chunk).await {
        if chunk.starts_with(b"break") {
            stream.set_zero_linger().expect("a socket");
            return;
        }
        if stream.write_all(&chunk[..count]).await.is_err() {
            return;
        }
    }
}

async fn connect(front: &Front, host: &str, trusting: bool) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    if trusting {
        let trust = fs::read(front.folder.path().join("ca.pem")).expect("written");
        roots.add(CertificateDer::from_pem_slice(&trust).expect("PEM")).expect("an authority");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(front.address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(host.to_owned()).expect("a name"), stream).await
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_carried_there_and_back() {
    let front = front().await;
    for host in ["api.solapi.com", "localhost", "127.0.0.1"] {
        let mut client = connect(&front, host, true).await.expect("trusted");
        client.write_all(b"hello").await.expect("open");
        let mut answer = [0; 5];
        client.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"hello");
        client.shutdown().await.expect("said all");
        assert_eq!(client.read(&mut answer).await.expect("closed in good order"), 0);
    }
    assert!(connect(&front, "api.solapi.com", false).await.is_err(), "nobody trusts it unasked");
    assert!(connect(&front, "bank.example", true).await.is_err(), "it speaks for nobody else");
}

#[tokio::test]
async fn a_line_that_the_plain_side_breaks_is_broken_for_the_client() {
    let front = front().await;
    let mut client = connect(&front, "api.solapi.com", true).await.expect("trusted");
    client.write_all(b"break").await.expect("open");
    let error = timeout(LONG, client.read(&mut [0; 5])).await.expect("in time").expect_err("broken");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_finish_its_handshake_is_cut() {
    let front = front().await;
    for said in [&b""[..], b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n"] {
        let mut client = TcpStream::connect(front.address).await.expect("accepted");
        client.write_all(said).await.expect("open");
        let begun = Instant::now();
        let mut rest = Vec::new();
        // An alert may come first; then it is over, in order or not.
        let _ = client.read_to_end(&mut rest).await;
        let took = begun.elapsed();
        assert!(took <= WITHIN + Duration::from_secs(1), "{said:?} after {took:?}");
    }
}

#[test]
fn an_authority_is_kept_and_its_key_is_its_owners_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("tls");
    let first = authority::open(&inside).expect("made");
    let trust = fs::read(&first.trust).expect("written");
    let again = authority::open(&inside).expect("kept");
    assert_eq!((first.fresh, again.fresh, fs::read(&again.trust).expect("there")), (true, false, trust.clone()));
    let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&inside), mode(&inside.join(KEY_FILE))), (0o700, 0o600));

    // A certificate that the key has not signed is no authority.
    let other = authority::open(&folder.path().join("other")).expect("made");
    fs::copy(&other.trust, &again.trust).expect("copied");
    assert!(authority::open(&inside).expect("made anew").fresh);

    fs::set_permissions(inside.join(KEY_FILE), fs::Permissions::from_mode(0o644)).expect("ours");
    let refused = authority::open(&inside).expect_err("anybody can read it");
    assert!(matches!(refused, TlsError::Open(_)), "{refused}");
    fs::set_permissions(inside.join(KEY_FILE), fs::Permissions::from_mode(0o600)).expect("ours");
    fs::write(inside.join(KEY_FILE), "nonsense").expect("ours");
    assert!(matches!(authority::open(&inside).expect_err("no key"), TlsError::File(..)));
}
