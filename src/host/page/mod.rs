//! The pages: a run that can be watched and driven in a browser, for a class or an operator.
//!
//! Plain ES modules, embedded as they lie in `web`: no framework, no build step, nothing fetched from elsewhere. Every
//! `NAME.html` there is a page at `/NAME` (the stage, `index.html`, at `/`); what the pages load lies in folders beside
//! them: `common` for all, one for each page. They keep no state beyond the view; whatever they show and do goes through
//! the API, so they can do nothing that a program cannot. The policy they are sent with forbids inline script, foreign
//! origins and being framed.

use axum::Router;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use include_dir::{Dir, File, include_dir};

/// Everything that a browser is served.
static WEB: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/host/page/web");

/// What a browser may do for this page: load what this address serves, and talk to it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-src 'self'; frame-ancestors 'none'";

/// The routes of the pages and of what they load.
pub fn router() -> Router {
    let mut router = Router::new();
    for page in pages() {
        let text = text(page);
        router = router.route(&address(page), get(move |headers| async move { html(&headers, text) }));
    }
    for file in loaded() {
        let (kind, text) = (kind(file), text(file));
        router = router.route(&address(file), get(move || async move { answer(kind, text.to_owned()) }));
    }
    router
}

fn pages() -> impl Iterator<Item = &'static File<'static>> {
    WEB.files()
}

fn loaded() -> impl Iterator<Item = &'static File<'static>> {
    WEB.dirs().flat_map(Dir::files)
}

/// Where a file is served: `/`, `/NAME` for the other pages, `/page/FOLDER/FILE` for what they load.
fn address(file: &File) -> String {
    let path = file.path().to_str().expect("our own files have plain names");
    match path.strip_suffix(".html") {
        Some("index") => "/".to_owned(),
        Some(name) => format!("/{name}"),
        None => format!("/page/{path}"),
    }
}

fn kind(file: &File) -> &'static str {
    match file.path().extension().and_then(|end| end.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("js") => "text/javascript; charset=utf-8",
        other => panic!("no type for a file of the page that ends in {other:?}"),
    }
}

fn text(file: &'static File<'static>) -> &'static str {
    file.contents_utf8().expect("our own files are UTF-8")
}

fn html(headers: &HeaderMap, text: &'static str) -> Response {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let text =
        if english(wanted) { text.replacen("<html lang=\"ko\">", "<html lang=\"en\">", 1) } else { text.to_owned() };
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
    use std::collections::BTreeSet;

    use axum::body::Body;
    use axum::http::{Request, header};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::{POLICY, address, english, loaded, pages, router, text};
    use crate::sim::fault::FaultKind;
    use crate::sim::model::medium::{Medium, Network};

    /// The most that one page may weigh with all that it can load, before compression.
    const WEIGHT_MAX: usize = 300_000;

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
        for file in pages().chain(loaded()) {
            let path = address(file);
            assert_eq!(fetched(&path, "").await, (200, POLICY.to_owned(), text(file).to_owned()), "{path}");
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

    /// What a file names of others, as addresses: `from "./x.js"`, `import "../common/x.js"`, `="/page/x"`.
    fn named(folder: &str, text: &str) -> Vec<String> {
        let modules = ["from \"", "import \""].into_iter().flat_map(|start| text.split(start).skip(1));
        let modules = modules.filter_map(|rest| rest.split('"').next()).map(|path| match path.strip_prefix("../") {
            Some(beside) => format!("/page/{beside}"),
            None => format!("/page/{folder}/{}", path.trim_start_matches("./")),
        });
        let addresses = text.split("=\"/page/").skip(1).filter_map(|rest| rest.split('"').next());
        modules.chain(addresses.map(|path| format!("/page/{path}"))).collect()
    }

    #[test]
    fn a_page_is_small_and_names_only_files_that_are_there() {
        for page in pages() {
            let (mut seen, mut open, mut weight) = (BTreeSet::new(), named("", text(page)), text(page).len());
            while let Some(wanted) = open.pop() {
                if !seen.insert(wanted.clone()) {
                    continue;
                }
                let file = loaded().find(|file| address(file) == wanted);
                let file = file.unwrap_or_else(|| panic!("no file {wanted}, for {}", address(page)));
                let folder = file.path().parent().and_then(|folder| folder.to_str()).expect("a folder");
                weight += text(file).len();
                if wanted.ends_with(".js") {
                    open.extend(named(folder, text(file)));
                }
            }
            assert!(weight < WEIGHT_MAX, "{weight} bytes, {}", address(page));
            assert!(seen.len() > 3, "{}: {seen:?}", address(page));
        }
    }

    #[test]
    fn every_kind_of_fault_network_and_medium_has_a_word() {
        let words = loaded().find(|file| address(file) == "/page/common/words.js").map(text).expect("the words");
        let media = Medium::ALL.map(|medium| format!("medium_{}", medium.name()));
        let networks = Network::ALL.map(|network| format!("network_{}", network.name()));
        let kinds = FaultKind::NAMES.map(|kind| format!("k_{kind}"));
        for word in kinds.into_iter().chain(networks).chain(media) {
            assert!(words.contains(&format!("  {word}: [\"")), "no word for {word}");
        }
    }

    #[test]
    fn a_page_gives_every_id_once() {
        for page in pages() {
            let ids = text(page).split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let mut ids: Vec<&str> = ids.collect();
            ids.sort_unstable();
            let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
            assert_eq!(twice, None, "{}", address(page));
        }
    }

    #[test]
    fn no_text_becomes_markup_and_nothing_comes_from_elsewhere() {
        for file in pages().chain(loaded()) {
            for foreign in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://"] {
                assert!(!text(file).contains(foreign), "{foreign} in {}", address(file));
            }
        }
    }
}
