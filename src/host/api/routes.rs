//! The routes: the router and the OpenAPI document are both made from this table, so that neither knows a route that the
//! other does not. `openapi` says it in JSON; `operations` holds the rows.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::MethodRouter;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use crate::host::api::operations;
use crate::host::api::problem::Kind;
use crate::host::api::{Api, deeds, lease, limit};

/// One method of one address.
pub struct Operation {
    /// What a client sends.
    pub verb: Verb,
    /// The address, as the router takes it.
    pub path: &'static str,
    /// Its name in generated clients.
    pub id: &'static str,
    /// What it does, in Korean.
    pub ko: &'static str,
    /// What it does, in English.
    pub en: &'static str,
    /// What may stand in the query.
    pub query: &'static [Parameter],
    /// The JSON body that it takes.
    pub body: Option<Shape>,
    /// The status and content of its answer when all is well.
    pub answer: (u16, Content),
    /// What may go wrong besides what may always go wrong.
    pub problems: &'static [Kind],
    /// Who answers.
    pub handler: fn() -> MethodRouter<Arc<Api>>,
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Writes, and counts against the rate limit.
    Post,
    /// A question with a body, which changes nothing but what the asker waits for.
    Ask,
    /// Takes back, and counts against the rate limit.
    Delete,
}

/// Something in the query.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub en: &'static str,
    /// Its JSON Schema.
    pub schema: fn() -> Value,
}

/// Makes the JSON Schema of a type.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What an answer holds.
pub enum Content {
    /// JSON of that shape.
    Json(Shape),
    /// A text of that media type.
    Text(&'static str),
}

impl Verb {
    /// The method's word in the document.
    pub const fn name(self) -> &'static str {
        match self {
            Verb::Get => "get",
            Verb::Post | Verb::Ask => "post",
            Verb::Delete => "delete",
        }
    }

    /// Whether it changes something.
    pub const fn writes(self) -> bool {
        match self {
            Verb::Get | Verb::Ask => false,
            Verb::Post | Verb::Delete => true,
        }
    }
}

impl Operation {
    /// The address as OpenAPI writes it.
    pub fn template(&self) -> String {
        self.path.replace("{*", "{")
    }

    /// Names that stand in the address.
    pub fn names(&self) -> Vec<String> {
        let pieces = self.path.split('{').skip(1);
        pieces.filter_map(|piece| piece.split('}').next()).map(|name| name.trim_start_matches('*').to_owned()).collect()
    }

    /// Everything that may go wrong.
    pub fn all_problems(&self) -> Vec<Kind> {
        let mut kinds = vec![Kind::Unauthorized, Kind::HostNotAllowed, Kind::OriginNotAllowed];
        if self.body.is_some() {
            kinds.extend([Kind::InvalidJson, Kind::InvalidRequest, Kind::BodyTimeout, Kind::BodyTooLarge]);
            kinds.push(Kind::UnsupportedMediaType);
        }
        if !self.query.is_empty() {
            kinds.push(Kind::InvalidQuery);
        }
        if !self.names().is_empty() {
            kinds.push(Kind::InvalidRequest);
        }
        if self.verb.writes() {
            kinds.extend([Kind::TooManyRequests, Kind::DiskFull]);
        }
        if self.problems.contains(&Kind::UnknownRun) {
            // A run that is over may be one that is had from the journal.
            kinds.extend([Kind::RunUnreadable, Kind::Failed]);
        }
        kinds.extend(self.problems);
        kinds
    }
}

/// The routes of the table. Those that write are limited in their rate, hold the time of a run in lock-step, and are written
/// down where somebody in charge does them.
pub fn router(api: &Arc<Api>) -> Router<Arc<Api>> {
    operations::all().fold(Router::new(), |router, operation| {
        let handler = (operation.handler)();
        if !operation.verb.writes() {
            return router.route(operation.path, handler);
        }
        let limited = from_fn_with_state(api.clone(), limit::writes);
        let holding = from_fn_with_state(api.clone(), lease::holding);
        let (api, id) = (api.clone(), operation.id);
        let told = from_fn(move |params: RawPathParams, request: Request, next: Next| {
            deeds::write_down(api.clone(), id, params, request, next)
        });
        router.route(operation.path, handler.route_layer(told).route_layer(holding).route_layer(limited))
    })
}
