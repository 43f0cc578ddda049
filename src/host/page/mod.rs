//! The page at `/`: a run that can be watched and driven in a browser, for a class or an operator.
//!
//! Plain ES modules, embedded as they lie here: no framework, no build step, nothing fetched from elsewhere. It keeps no
//! state beyond the view; whatever it shows and does goes through the API, so it can do nothing that a program cannot.
//! The policy it is sent with forbids inline script, foreign origins and being framed.

use axum::Router;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// A file of the page: its address, its type, its text.
type File = (&'static str, &'static str, &'static str);

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// All files but the page itself. An address here is what `index.html` and the modules name.
const FILES: [File; 15] = [
    ("/page/style.css", "text/css; charset=utf-8", include_str!("style.css")),
    ("/page/icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("/page/main.js", SCRIPT, include_str!("main.js")),
    ("/page/words.js", SCRIPT, include_str!("words.js")),
    ("/page/show.js", SCRIPT, include_str!("show.js")),
    ("/page/link.js", SCRIPT, include_str!("link.js")),
    ("/page/picture.js", SCRIPT, include_str!("picture.js")),
    ("/page/start.js", SCRIPT, include_str!("start.js")),
    ("/page/clock.js", SCRIPT, include_str!("clock.js")),
    ("/page/faults.js", SCRIPT, include_str!("faults.js")),
    ("/page/people.js", SCRIPT, include_str!("people.js")),
    ("/page/plot.js", SCRIPT, include_str!("plot.js")),
    ("/page/chronicle.js", SCRIPT, include_str!("chronicle.js")),
    ("/page/story.js", SCRIPT, include_str!("story.js")),
    ("/page/verdict.js", SCRIPT, include_str!("verdict.js")),
];

const INDEX: &str = include_str!("index.html");

/// What a browser may do for this page: load what this address serves, and talk to it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of the page.
pub fn router() -> Router {
    let page = Router::new().route("/", get(index));
    FILES.iter().fold(page, |router, &(path, kind, text)| {
        router.route(path, get(move || async move { answer(kind, text.to_owned()) }))
    })
}

async fn index(headers: HeaderMap) -> Response {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let text =
        if english(wanted) { INDEX.replacen("<html lang=\"ko\">", "<html lang=\"en\">", 1) } else { INDEX.to_owned() };
    let mut response = answer("text/html; charset=utf-8", text);
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("accept-language"));
    response
}

fn answer(kind: &'static str, text: String) -> Response {
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // The next build of the program has another page under the same address.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

/// Whether a browser that says this would rather read English than Korean. Korean is for everybody else.
fn english(accepted: &str) -> bool {
    let weight = |language: &str| {
        let rows = accepted.split(',').map(|row| row.split_once(';').unwrap_or((row, "")));
        let mine = rows.filter(|(tag, _)| tag.trim().split('-').next().unwrap_or("").eq_ignore_ascii_case(language));
        mine.map(|(_, quality)| thousandths(quality)).max().unwrap_or(0)
    };
    weight("en") > weight("ko")
}

/// `q=0.8` in thousandths; all of it when nothing, or nonsense, is said.
fn thousandths(quality: &str) -> u32 {
    let Some(number) = quality.trim().strip_prefix("q=") else { return 1_000 };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{part:0<3}").parse().map_or(1_000, |value: u32| value.min(1_000))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, header};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::{FILES, INDEX, POLICY, english, router};

    async fn fetched(path: &str, languages: &str) -> (u16, String, String) {
        let request = Request::builder().uri(path).header(header::ACCEPT_LANGUAGE, languages).body(Body::empty());
        let response = router().oneshot(request.expect("a request")).await.unwrap_or_else(|never| match never {});
        let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).expect("a policy");
        let policy = policy.to_str().expect("text").to_owned();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, policy, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn every_file_is_there_under_the_strict_policy() {
        for (path, _, text) in FILES {
            assert_eq!(fetched(path, "").await, (200, POLICY.to_owned(), text.to_owned()), "{path}");
        }
        assert!(!POLICY.contains("unsafe") && !POLICY.contains('*') && POLICY.starts_with("default-src 'none'"));
    }

    #[tokio::test]
    async fn the_page_speaks_korean_unless_asked_for_english() {
        let korean = fetched("/", "").await.2;
        assert!(korean.contains("<html lang=\"ko\">"));
        assert!(fetched("/", "en-GB,en;q=0.9").await.2.contains("<html lang=\"en\">"));
        for (said, expected) in [
            ("", false),
            ("ko-KR,ko;q=0.9,en-US;q=0.8", false),
            ("en-US,en;q=0.9,ko;q=0.8", true),
            ("fr, EN;q=0.1", true),
            ("de", false),
            ("en;q=nonsense", true),
            ("en;q=0.5, ko", false),
        ] {
            assert_eq!(english(said), expected, "{said}");
        }
    }

    #[test]
    fn the_page_is_small_and_names_only_files_that_it_has() {
        let weight = INDEX.len() + FILES.iter().map(|(_, _, text)| text.len()).sum::<usize>();
        assert!(weight < 100_000, "{weight} bytes");
        let texts = FILES.iter().map(|(_, _, text)| *text).chain([INDEX]);
        for text in texts {
            for (at, before) in text.match_indices("from \"./").chain(text.match_indices("=\"/page/")) {
                let name = text[at + before.len()..].split('"').next().expect("a quote ends it");
                let known = FILES.iter().any(|(path, _, _)| *path == format!("/page/{name}"));
                assert!(known, "no file {name}");
            }
            for foreign in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://"] {
                assert!(!text.contains(foreign), "{foreign}");
            }
        }
    }
}
