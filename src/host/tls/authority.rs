//! The certificate authority of one folder: `ca.pem`, which clients are told to trust, and `ca.key`, which only its owner
//! can read. The server's own certificate is made anew at each start and lives in memory.
//!
//! The authority may speak for the vendors' hosts and this machine and for nobody else (RFC 5280, name constraints), so that
//! a client that trusts it trusts it in nothing else, whoever gets hold of the key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};

use crate::host::tls::{HOSTS, TlsError};

/// What clients are told to trust.
pub const CA_FILE: &str = "ca.pem";
/// Its key.
pub const KEY_FILE: &str = "ca.key";
/// Names of this machine.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// How long an authority lasts, in hours: ten years.
const CA_HOURS: i64 = 10 * 365 * 24;
/// How long the server's certificate lasts, in hours: longer than any server runs.
const LEAF_HOURS: i64 = 800 * 24;

/// What a server shows and signs with.
#[derive(Debug)]
pub struct Chain {
    /// Its certificate.
    pub certificates: Vec<CertificateDer<'static>>,
    /// Its key.
    pub key: PrivateKeyDer<'static>,
    /// The file that clients are told to trust.
    pub trust: PathBuf,
    /// Whether the authority was made just now: clients that trust an older one must be told again.
    pub fresh: bool,
}

/// The server's certificate, from the authority of that folder; one that is not there, has run out, or speaks for other hosts
/// is made anew.
pub fn open(folder: &Path) -> Result<Chain, TlsError> {
    let (trust, key_path) = (folder.join(CA_FILE), folder.join(KEY_FILE));
    if let Some(key) = read_key(&key_path)? {
        let certificate = fs::read(&trust).map_err(|error| TlsError::File(trust.clone(), error))?;
        let (certificates, leaf_key) = leaf(key)?;
        if speaks_for(&certificate, &certificates[0]) {
            return Ok(Chain { certificates, key: leaf_key, trust, fresh: false });
        }
        tracing::warn!(file = %trust.display(), "the certificate authority has run out or is another build's: made anew");
    }
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = authority()?.self_signed(&key).map_err(unmade)?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| TlsError::File(folder.to_owned(), error))?;
    write(&key_path, &key.serialize_pem(), 0o600)?;
    write(&trust, &certificate.pem(), 0o644)?;
    let (certificates, key) = leaf(key)?;
    Ok(Chain { certificates, key, trust, fresh: true })
}

/// The authority's key, if there is one.
fn read_key(path: &Path) -> Result<Option<KeyPair>, TlsError> {
    let wrong = |error| TlsError::File(path.to_owned(), error);
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(error)),
    };
    if found.mode() & 0o077 != 0 {
        return Err(TlsError::Open(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(wrong)?;
    KeyPair::from_pem(&text).map(Some).map_err(|error| wrong(io::Error::other(error.to_string())))
}

/// Writes a file in one go: whoever reads it sees the old one or the new one.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), TlsError> {
    let wrong = |error| TlsError::File(path.to_owned(), error);
    let draft = path.with_extension("new");
    // Left by a process that died while it wrote; if there is none, all the better.
    let _ = fs::remove_file(&draft);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft).map_err(wrong)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong)?;
    fs::rename(&draft, path).map_err(wrong)
}

/// What the authority is. The same at every start, so that its name and key are enough to sign with.
fn authority() -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(Vec::new()).map_err(unmade)?;
    params.distinguished_name.push(DnType::OrganizationName, "bongsu");
    params.distinguished_name.push(DnType::CommonName, "bongsu simulation, trust in tests only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut permitted: Vec<GeneralSubtree> =
        HOSTS.into_iter().chain(["localhost"]).map(|host| GeneralSubtree::DnsName(host.to_owned())).collect();
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])));
    permitted
        .push(GeneralSubtree::IpAddress(CidrSubnet::V6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [255; 16])));
    params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    lasts(&mut params, CA_HOURS);
    Ok(params)
}

fn leaf(authority_key: KeyPair) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
    let names: Vec<String> = HOSTS.into_iter().chain(LOCAL).map(str::to_owned).collect();
    let mut params = CertificateParams::new(names).map_err(unmade)?;
    params.distinguished_name.push(DnType::CommonName, "bongsu");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    lasts(&mut params, LEAF_HOURS);
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = params.signed_by(&key, &Issuer::new(authority()?, authority_key)).map_err(unmade)?;
    Ok((vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
}

/// From yesterday on, for clocks that differ.
fn lasts(params: &mut CertificateParams, hours: i64) {
    let day = |from_now: i64| {
        let at = Timestamp::now() + SignedDuration::from_hours(from_now);
        let number = |format: &str| at.strftime(format).to_string().parse::<u32>().unwrap_or(1);
        let (year, month, day) = (number("%Y"), number("%m"), number("%d"));
        date_time_ymd(year as i32, month as u8, day as u8)
    };
    params.not_before = day(-24);
    params.not_after = day(hours);
}

/// Whether a client that trusts the authority's file takes the server for each of the hosts.
fn speaks_for(authority: &[u8], leaf: &CertificateDer<'_>) -> bool {
    let Ok(authority) = CertificateDer::from_pem_slice(authority) else { return false };
    let mut roots = RootCertStore::empty();
    let provider = Arc::new(aws_lc_rs::default_provider());
    if roots.add(authority).is_err() {
        return false;
    }
    let Ok(verifier) = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build() else {
        return false;
    };
    let taken = |host: &str| {
        let name = ServerName::try_from(host.to_owned());
        name.is_ok_and(|name| verifier.verify_server_cert(leaf, &[], &name, &[], UnixTime::now()).is_ok())
    };
    HOSTS.into_iter().chain(LOCAL).all(taken)
}

fn unmade(error: rcgen::Error) -> TlsError {
    TlsError::Certificate(error.to_string())
}
