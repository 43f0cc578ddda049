//! Signatures: HMAC-SHA256, in the two ways that contracts write it down.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The signature of a text under a secret, in lower-case hex digits.
pub fn hex(secret: &str, text: &[u8]) -> String {
    let mut digits = String::with_capacity(64);
    for byte in signed(secret, text) {
        write!(digits, "{byte:02x}").expect("writing to a string cannot fail");
    }
    digits
}

/// The same in base64.
pub fn base64(secret: &str, text: &[u8]) -> String {
    STANDARD.encode(signed(secret, text))
}

/// Whether a signature in hex digits, of either case, is that of a text: in constant time.
pub fn is_hex(secret: &str, text: &[u8], signature: &str) -> bool {
    let bytes = (0..signature.len() / 2).map(|place| signature.get(2 * place..2 * place + 2));
    let bytes: Option<Vec<u8>> = bytes.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    let mac = keyed(secret).chain_update(text);
    signature.len() == 64 && bytes.is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
}

fn signed(secret: &str, text: &[u8]) -> Vec<u8> {
    keyed(secret).chain_update(text).finalize().into_bytes().to_vec()
}

fn keyed(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::{base64, hex, is_hex};

    /// RFC 4231, test case 2.
    #[test]
    fn a_known_signature_comes_out() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex("Jefe", b"what do ya want for nothing?"), expected);
        assert_eq!(base64("Jefe", b"what do ya want for nothing?"), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
        let said = |signature: &str| is_hex("Jefe", b"what do ya want for nothing?", signature);
        assert!(said(expected) && said(&expected.to_uppercase()));
        assert!(!said("") && !said(&expected[2..]) && !said(&expected.replace('5', "6")) && !said(&"é".repeat(32)));
    }
}
