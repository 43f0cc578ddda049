//! Refused: what an application is told when a request, or a message of it, is not taken for what the request says.
//!
//! A handler only leaves word of it among its response's extensions ([`Refused`]); everything else happens here, after the
//! answer is made and before it is sent: a line in the log (no phone number, no key, no signature; the path is the
//! route's pattern), a count for `/metrics`, and word to the run, so that the application's belief is on record. What a
//! fault refused is on record already, and is only logged and counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Response;
use axum::middleware::Next;
use tokio::time::Instant;

use crate::host::provider::Providers;
use crate::sim::engine::call::Denied;
use crate::sim::model::denial::Denial;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;

/// Among a response's extensions: what it refuses.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    /// Messages whose people are known.
    people: Vec<Denied>,
    /// Everything else: the request as a whole, or messages for nobody of this run.
    nobodys: BTreeMap<Denial, u32>,
    /// What was said because of a fault, or because this program has no run or no room.
    closed: Option<Denial>,
}

impl Refused {
    /// A whole request, of which nobody can say for whom it was.
    pub fn whole(contract: &str, code: &str) -> Refused {
        let mut refused = Refused::default();
        refused.add(contract, code, None, None, Medium::Alimtalk);
        refused
    }

    /// A whole request that would have been taken at another time.
    pub fn closed(contract: &str, code: &str) -> Refused {
        Refused { closed: Denial::find(contract, code), ..Refused::default() }
    }

    /// One message, for that person if they are known.
    pub fn add(&mut self, contract: &str, code: &str, person: Option<PersonId>, kind: Option<KindId>, medium: Medium) {
        // A contract's own word is in the table: a test of the handlers asks for every one.
        let Some(said) = Denial::find(contract, code) else { return };
        match person {
            Some(person) => self.people.push(Denied { person, kind, medium, said }),
            None => *self.nobodys.entry(said).or_default() += 1,
        }
    }

    /// The request as a whole was answered with this, whatever single messages would have been told.
    pub fn all_said(&mut self, contract: &str, code: &str) {
        let Some(said) = Denial::find(contract, code) else { return };
        self.people.iter_mut().for_each(|denied| denied.said = said);
        self.nobodys.clear();
    }

    /// The response, with word of it.
    pub fn marked(self, mut response: Response<Body>) -> Response<Body> {
        self.mark(&mut response);
        response
    }

    /// Leaves word on a response. What a handler knows of single messages goes before what its error says of the whole.
    pub fn mark(self, response: &mut Response<Body>) {
        if self.people.is_empty() && self.nobodys.is_empty() && self.closed.is_none() {
            return;
        }
        let closed = response.extensions().get::<Refused>().and_then(|there| there.closed).or(self.closed);
        response.extensions_mut().insert(Refused { closed, ..self });
    }
}

/// Looks at every response of a contract, and tells what it refuses.
pub async fn watch(State(providers): State<Arc<Providers>>, request: Request, next: Next) -> Response<Body> {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let Some(refused) = response.extensions_mut().remove::<Refused>() else { return response };
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    tell(&providers, refused, response.status().as_u16(), route).await;
    response
}

/// Tells the log, the counts and the run of it; `place` is a route, or a command.
pub async fn tell(providers: &Providers, refused: Refused, status: u16, place: &str) {
    let Refused { people, nobodys, closed } = refused;
    let mut recipients: BTreeMap<Denial, usize> = nobodys.keys().map(|said| (*said, 0)).collect();
    people.iter().for_each(|denied| *recipients.entry(denied.said).or_default() += 1);
    recipients.extend(closed.filter(|said| !recipients.contains_key(said)).map(|said| (said, 0)));
    for (said, recipients) in recipients {
        if let Some(count) = providers.runs.refusals().count(said, Instant::now()) {
            let (contract, code) = (said.contract(), said.code());
            tracing::warn!(contract, code, status, path = place, recipients, count, "a request is refused");
        }
    }
    let Some(run) = providers.run() else { return };
    run.denied(people).await;
    for (said, count) in nobodys {
        run.requests_refused(said, count).await;
    }
}
