//! Bodies: what an application sends, read whole within bounds of size and time, or why it could not be read.
//!
//! Every contract says in its own shape what went wrong. So that it is heard, what is still on its way is read to its end,
//! within bounds, and thrown away: a client that writes to a line which was closed meanwhile sees a broken pipe and no answer.
//! A client that has asked whether it may send (`Expect: 100-continue`) is told before it does.
//!
//! The time is the real clock's, as the line is. Nothing is unpacked: a body in an encoding (gzip) is refused.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, EXPECT};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use tokio::time::{Instant, timeout_at};

use crate::host::provider::BODY_MAX;

/// Longest time for a body: a little less than the connection has for it, so that it is answered what went wrong.
pub const READ_WITHIN: Duration = Duration::from_secs(9);
/// What is thrown away of a body that is not wanted, at most, and for how long.
const REST_MAX: usize = 64 * 1_024 * 1_024;
const REST_WITHIN: Duration = Duration::from_secs(5);
/// How long a client may send nothing of a body that is not wanted.
const PIECE_WITHIN: Duration = Duration::from_millis(500);

/// Room for a body before any of it has come.
const ROOM_AT_FIRST: usize = 256 * 1_024;

/// Why a body could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Larger than [`BODY_MAX`].
    TooLarge,
    /// Not whole after [`READ_WITHIN`].
    Slow,
    /// The client ended it before its end.
    Cut,
    /// In an encoding, named here.
    Encoded(String),
}

/// A body, or why it could not be read.
pub struct Sent(pub Result<Bytes, Unread>);

impl Unread {
    /// The status of HTTP that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Unread::TooLarge => 413,
            Unread::Slow => 408,
            Unread::Cut => 400,
            Unread::Encoded(_) => 415,
        }
    }

    /// Why, in both languages.
    pub fn words(&self) -> (String, String) {
        match self {
            Unread::TooLarge => {
                (format!("본문이 {BODY_MAX}바이트보다 큽니다."), format!("the body: expected at most {BODY_MAX} bytes"))
            }
            Unread::Slow => {
                let within = READ_WITHIN.as_secs();
                (
                    format!("본문이 {within}초 안에 오지 않았습니다."),
                    format!("the body did not arrive within {within} s"),
                )
            }
            Unread::Cut => ("본문이 중간에 끊겼습니다.".to_owned(), "the body broke off before its end".to_owned()),
            Unread::Encoded(found) => (
                format!("압축한 본문은 받지 않습니다: {found}"),
                format!("Content-Encoding: expected none, found '{found}'"),
            ),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, _state: &S) -> Result<Sent, Infallible> {
        let (parts, mut body) = request.into_parts();
        let read = match refused(&parts.headers, &body) {
            Some(why) => Err(why),
            None => whole(&mut body).await,
        };
        match &read {
            Ok(_) | Err(Unread::Slow | Unread::Cut) => {}
            Err(Unread::TooLarge | Unread::Encoded(_)) if asks_first(&parts.headers) => {}
            Err(Unread::TooLarge | Unread::Encoded(_)) => throw_away(&mut body).await,
        }
        Ok(Sent(read))
    }
}

/// What is known to be wrong before any of it is read.
fn refused(headers: &HeaderMap, body: &Body) -> Option<Unread> {
    let encoding = headers.get(CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    if let Some(found) = encoding.filter(|found| !found.is_empty() && !found.eq_ignore_ascii_case("identity")) {
        return Some(Unread::Encoded(found.chars().take(40).collect()));
    }
    (body.size_hint().lower() > BODY_MAX as u64).then_some(Unread::TooLarge)
}

fn asks_first(headers: &HeaderMap) -> bool {
    headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

async fn whole(body: &mut Body) -> Result<Bytes, Unread> {
    let until = Instant::now() + READ_WITHIN;
    // Not all that it says of itself: who announces much and sends nothing shall cost little.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(0);
    let mut read = Vec::with_capacity(announced.min(ROOM_AT_FIRST));
    loop {
        match timeout_at(until, body.frame()).await {
            Err(_) => return Err(Unread::Slow),
            Ok(None) => return Ok(Bytes::from(read)),
            Ok(Some(Err(_))) => return Err(Unread::Cut),
            Ok(Some(Ok(frame))) => {
                let Ok(piece) = frame.into_data() else { continue };
                if read.len() + piece.len() > BODY_MAX {
                    return Err(Unread::TooLarge);
                }
                read.extend_from_slice(&piece);
            }
        }
    }
}

/// Reads what is left of a body, as long as it keeps coming.
async fn throw_away(body: &mut Body) {
    let until = Instant::now() + REST_WITHIN;
    let mut thrown = 0;
    while thrown < REST_MAX {
        let Ok(Some(Ok(frame))) = timeout_at(until.min(Instant::now() + PIECE_WITHIN), body.frame()).await else {
            return;
        };
        thrown += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// Reads and throws away what comes with a request that is not wanted at all.
pub async fn unwanted(request: Request) {
    let (parts, mut body) = request.into_parts();
    if !asks_first(&parts.headers) {
        throw_away(&mut body).await;
    }
}

/// The value in a JSON text, which has to be an object.
pub fn object<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text).map(|Object(value)| value)
}

/// A value that is written as an object: a list of values in the order of our members is none of ours.
#[derive(Clone, Debug, Default)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Object<T>, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        from.deserialize_map(Members(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use axum::extract::{FromRequest, Request};
    use futures_util::stream;
    use serde::Deserialize;
    use tokio::time::Instant;

    use super::{READ_WITHIN, Sent, Unread, object};
    use crate::host::provider::BODY_MAX;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Pair {
        one: u8,
        #[serde(default)]
        other: u8,
    }

    #[test]
    fn only_an_object_is_one() {
        assert_eq!(object::<Pair>(b"{\"one\":1}").expect("an object"), Pair { one: 1, other: 0 });
        for (text, why) in [
            ("[1,2]", "invalid type: sequence, expected an object at line 1 column 0"),
            ("7", "invalid type: integer `7`, expected an object at line 1 column 1"),
        ] {
            assert_eq!(object::<Pair>(text.as_bytes()).expect_err("none").to_string(), why);
        }
    }

    async fn read(request: Request) -> Result<usize, Unread> {
        let Ok(Sent(read)) = Sent::from_request(request, &()).await;
        read.map(|bytes| bytes.len())
    }

    fn pieces(count: usize, bytes: usize) -> Body {
        let piece = Bytes::from(vec![b' '; bytes]);
        Body::from_stream(stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_read_says_why() {
        let request = |body: Body| Request::new(body);
        assert_eq!(read(request(pieces(8, BODY_MAX / 8))).await, Ok(BODY_MAX));
        assert_eq!(read(request(pieces(9, BODY_MAX / 8))).await, Err(Unread::TooLarge), "in pieces");
        assert_eq!(read(request(Body::from(vec![b' '; BODY_MAX + 1]))).await, Err(Unread::TooLarge), "at once");
        let broken: [Result<Bytes, std::io::Error>; 2] =
            [Ok(Bytes::from_static(b"{")), Err(std::io::ErrorKind::UnexpectedEof.into())];
        let broken = stream::iter(broken);
        assert_eq!(read(request(Body::from_stream(broken))).await, Err(Unread::Cut));
        let began = Instant::now();
        let stalled = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(request(stalled)).await, Err(Unread::Slow));
        assert_eq!(began.elapsed(), READ_WITHIN);
        let packed = Request::builder().header("content-encoding", "gzip").body(pieces(1, 20)).expect("a request");
        assert_eq!(read(packed).await, Err(Unread::Encoded("gzip".to_owned())));
    }
}
