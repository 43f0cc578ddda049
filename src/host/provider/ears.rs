//! Ears: what an application has heard of its messages, by a query that was answered or a webhook that it took.

use crate::host::control::books::{StepRecord, Told};
use crate::host::control::run::Run;
use crate::sim::engine::call::Tale;
use crate::sim::model::event::{Claim, Ear};

/// What a contract may say of a step: arrived, failed or unknown. How it arrived, or that somebody opened it, no contract
/// here tells; so all of that is one word, said once.
pub fn said(told: Told) -> Claim {
    match told.claim {
        Claim::Delivered | Claim::Shown | Claim::Opened => Claim::Delivered,
        Claim::Failed | Claim::Uncertain => told.claim,
    }
}

/// What telling of these steps would tell: what the application has not heard yet.
pub fn tales(steps: &[StepRecord]) -> impl Iterator<Item = Tale> + '_ {
    steps.iter().filter_map(|step| {
        let told = step.told?;
        let claim = said(told);
        (step.heard != Some(claim)).then_some((step.attempt, claim, told.code))
    })
}

/// Whether a webhook is to tell of a step. What was heard by a query is told all the same, since no query stops a
/// webhook; but somebody's reading is no news, and what a webhook has told or given up is not told again, also by a run
/// that was rebuilt after a crash.
pub fn is_untold(step: &StepRecord) -> bool {
    step.told.is_some_and(|told| step.is_untold(said(told)))
}

/// The application asked, and is being answered.
pub async fn hear(run: &Run, tales: Vec<Tale>) {
    for (attempt, claim, code) in tales {
        // A run that is over has nobody who would have to know.
        let _ = run.heard(attempt, claim, code, Ear::Poll).await;
    }
}
