//! Addresses: `01000000008@mail.bongsu.test` is the person with that number.
//!
//! People of a run have numbers and no other names, so the number is the address. The domain is under `.test`, which
//! nobody can ever own (RFC 6761), so that a list of real addresses cannot slip in: every other domain is refused.

use crate::host::control::run::Run;
use crate::host::provider::recipients;
use crate::host::provider::smtp::reply::Reply;
use crate::sim::model::ids::PersonId;

/// The one domain that mail is taken for.
pub const DOMAIN: &str = "mail.bongsu.test";

/// The person of an address.
pub fn person(run: &Run, address: &str) -> Result<PersonId, Reply> {
    let local = local_part(address)?;
    recipients::person(run, local).map_err(Reply::from)
}

fn local_part(address: &str) -> Result<&str, Reply> {
    match address.rsplit_once('@') {
        Some((local, domain)) if domain.eq_ignore_ascii_case(DOMAIN) => Ok(local),
        Some(_) | None => Err(Reply::new(550, "5.7.1", format!("mail is taken for NUMBER@{DOMAIN} alone"))),
    }
}

#[cfg(test)]
mod tests {
    use super::local_part;

    #[test]
    fn only_the_reserved_domain_is_ours() {
        assert_eq!(local_part("01000000008@Mail.Bongsu.TEST"), Ok("01000000008"));
        for other in ["01000000008", "a@example.com", "a@mail.bongsu.test.example.com", "a@b@bongsu.test", ""] {
            let reply = local_part(other).expect_err(other);
            assert_eq!(reply.code, 550, "{other}");
        }
    }
}
