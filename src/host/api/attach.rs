//! `/attach/redirect.mjs`: the module by which an unchanged Node program calls here instead of a vendor.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The module.
pub const MODULE: &str = include_str!("../../../fixtures/attach/redirect.mjs");

/// `GET /attach/redirect.mjs`.
pub async fn module() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], MODULE).into_response()
}
