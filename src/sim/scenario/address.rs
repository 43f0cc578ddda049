//! `receipts_to:`: the address of an application outside, plain HTTP on this machine, and the variable that may stand for
//! its beginning.
//!
//! `"${APP_URL:-http://127.0.0.1:9000}/hooks"` takes what the environment says, else what stands after `:-`. It is filled
//! in before anything is read, like a setting, so a file as resolved has the address that the run had. A variable stands
//! for the beginning alone and what it holds must be such an address: so no other secret of the environment can be sent
//! anywhere by a scenario, and no message repeats what a variable holds.

use crate::sim::model::words::Words;
use crate::sim::scenario::Library;
use crate::sim::scenario::problem::{Issue, Problems, words};
use crate::sim::scenario::value::Leaf;
use crate::sim::scenario::yaml::{Node, Value};

/// An address of this machine, as it was written.
pub(super) struct Address(pub(super) String);

impl Leaf for Address {
    const NAME: (&'static str, &'static str) = ("이 컴퓨터의 주소", "an address of this machine");

    fn read(text: &str, _plain: bool) -> Result<Address, Words> {
        if is_of_this_machine(text) { Ok(Address(text.to_owned())) } else { Err(expected()) }
    }
}

fn expected() -> Words {
    words(
        "http://127.0.0.1:9000/hooks 같은 루프백 주소 (앞부분은 ${이름:-기본값}으로 쓸 수 있음)",
        "an address on loopback like http://127.0.0.1:9000/hooks, whose beginning may be ${NAME:-default}",
    )
}

/// Whether it is `http://HOST[:PORT][/PATH]` with a host of loopback.
fn is_of_this_machine(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://") else { return false };
    let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').or(port.is_empty().then_some("80"))),
        None => authority.split_once(':').map_or((authority, Some("80")), |(host, port)| (host, Some(port))),
    };
    let loopback = matches!(host, "localhost" | "::1") || is_127(host);
    let port = port.and_then(|port| port.parse::<u16>().ok());
    loopback
        && port.is_some_and(|port| port > 0)
        && path.bytes().all(|b| b.is_ascii_graphic() && !b"#<>\"{}|\\^`".contains(&b))
}

/// Whether it is an IPv4 address of loopback, 127.0.0.0/8.
fn is_127(host: &str) -> bool {
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| part == "0" || !part.starts_with('0'));
    let mut parts = host.split('.').map(number);
    host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && parts.next() == Some(Some(127))
        && parts.by_ref().take(3).filter(Option::is_some).count() == 3
        && parts.next().is_none()
}

/// Puts what the library's variable holds in its place in `sender.receipts_to`.
pub(super) fn fill(root: &mut Node, library: &dyn Library, problems: &mut Problems) {
    let Some(node) = root.get_mut("sender").and_then(|sender| sender.get_mut("receipts_to")) else { return };
    let at = node.at;
    let Value::Scalar { text, .. } = &mut node.value else { return };
    let Some(inside) = text.strip_prefix("${") else { return };
    *text = match filled(inside, library) {
        Ok(address) => address,
        Err(issue) => {
            problems.add(at, *issue);
            // Said once.
            "http://127.0.0.1".to_owned()
        }
    };
}

/// The address, from what stands after `${`.
fn filled(inside: &str, library: &dyn Library) -> Result<String, Box<Issue>> {
    let Some((variable, rest)) = inside.split_once('}') else {
        let issue = Issue::new("변수가 닫히지 않았습니다", "the variable is not closed");
        return Err(Box::new(issue.expected("${이름} 또는 ${이름:-기본값}", "${NAME} or ${NAME:-default}")));
    };
    let (name, usual) = variable.split_once(":-").map_or((variable, None), |(name, usual)| (name, Some(usual)));
    let starts = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    if !name.bytes().next().is_some_and(starts) || !name.bytes().all(|b| starts(b) || b.is_ascii_digit()) {
        let issue = Issue::new("변수 이름이 아닙니다", "this is no name of a variable").found(name);
        let (ko, en) = ("영문자, 숫자, 밑줄로 된 이름 (예: APP_URL)", "letters, digits and _, like APP_URL");
        return Err(Box::new(issue.expected(ko, en)));
    }
    // Like a shell: an empty variable is none.
    let held = library.variable(name).filter(|held| !held.is_empty());
    let Some(base) = held.as_deref().or(usual) else {
        let issue = Issue::new(
            format!("환경 변수 {name} 이(가) 없고 기본값도 없습니다"),
            format!("{name} is not set and has no default"),
        );
        let (ko, en) = (format!("${{{name}:-http://127.0.0.1:9000}}"), format!("${{{name}:-http://127.0.0.1:9000}}"));
        return Err(Box::new(issue.expected(ko, en)));
    };
    if !is_of_this_machine(base) {
        let (ko, en) = if held.is_some() {
            (
                format!("환경 변수 {name} 의 값이 이 컴퓨터의 주소가 아닙니다"),
                format!("what {name} holds is not an address of this machine"),
            )
        } else {
            (
                format!("{name} 의 기본값이 이 컴퓨터의 주소가 아닙니다"),
                format!("the default of {name} is not an address of this machine"),
            )
        };
        return Err(Box::new(Issue::new(ko, en).expecting(expected())));
    }
    Ok(format!("{}{rest}", base.trim_end_matches('/')))
}
