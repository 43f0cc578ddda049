//! A small made-up matrix. Test code only.

use crate::report::matrix::{Matrix, Row};
use crate::report::view::GroupFigures;
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Words;
use crate::sim::time::Span;

/// A row of a thousand notices; seconds, won.
pub fn row(name: &str, reached: u64, twice: u64, p95_s: Option<u64>, won: u64) -> Row {
    Row {
        values: vec![name.to_owned()],
        verdict: if reached > 900 { Overall::Pass } else { Overall::Fail },
        kept: (if reached > 900 { 4 } else { 3 }, 4),
        notices: 1_000,
        reached,
        twice,
        p95: p95_s.map(Span::from_secs),
        cost: won * 100,
        worst: Some(GroupFigures { name: "senior".to_owned(), region: false, reached: reached / 5, notices: 220 }),
    }
}

/// Four policies, one of them beaten.
pub fn matrix() -> Matrix {
    Matrix {
        name: "lh-rent-blackout".to_owned(),
        title: Words { ko: "LH 임대료 고지".to_owned(), en: "LH rent bills".to_owned() },
        seed: Some(7),
        axes: vec!["sender.policy".to_owned()],
        rows: vec![
            row("none", 480, 0, None, 3_760),
            row("vendor-only", 470, 0, None, 4_000),
            row("timer:30s", 990, 40, Some(36), 19_000),
            row("timer:60s", 990, 0, Some(66), 18_178),
        ],
    }
}
