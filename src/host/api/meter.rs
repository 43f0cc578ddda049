//! Requests by route and class of status, for `/metrics`. Routes are those of the router, so there are few; everything
//! else counts as one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// Requests for addresses that are no route.
const ELSEWHERE: &str = "none";
/// Classes of status: 1xx to 5xx.
const CLASSES: usize = 5;

/// The counts.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<BTreeMap<String, [u64; CLASSES]>>>);

/// Counts a request when its answer begins.
pub async fn count(State(meter): State<Meter>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    meter.add(route.as_deref().unwrap_or(ELSEWHERE), response.status().as_u16());
    response
}

impl Meter {
    fn add(&self, route: &str, status: u16) {
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
        match routes.get_mut(route) {
            Some(counts) => counts[class] += 1,
            None => {
                let mut counts = [0; CLASSES];
                counts[class] = 1;
                routes.insert(route.to_owned(), counts);
            }
        }
    }

    /// Route, class (`2xx`) and count of everything that was counted, in order.
    pub fn rows(&self) -> Vec<(String, String, u64)> {
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |(route, counts): (&String, &[u64; CLASSES])| {
            let counted = (1..).zip(*counts).filter(|(_, count)| *count > 0);
            counted.map(|(class, count)| (route.clone(), format!("{class}xx"), count)).collect::<Vec<_>>()
        };
        routes.iter().flat_map(of).collect()
    }
}
