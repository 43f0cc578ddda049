//! The pictures of the README, drawn by the report's own code from runs of the library.
//!
//! `UPDATE_GOLDEN=1 cargo test pictures` draws them again. A change in a picture means that a run came out otherwise,
//! or that drawings look different: look at it before committing.

use super::compare;
use super::play::{Changes, play, read};
use bongsu::report::svg::reach::reach_over_time;
use bongsu::report::view::{PaceView, RunView};
use bongsu::sim::expect::verdict::Overall;
use bongsu::sim::model::words::Lang;

/// The scenarios that have a picture, and its name.
const PICTURES: [(&str, &str); 2] = [("first-minute", "first-minute"), ("lh/rent-bill-blackout", "rent-bill-reach")];

#[test]
fn the_pictures_show_what_the_runs_were() {
    for (scenario, picture) in PICTURES {
        let scenario = read(scenario, &Changes::default());
        let (_, verdict) = play(&scenario);
        assert_eq!(verdict.overall, Overall::Pass, "{picture}");
        let view = RunView::of(&scenario.plan, &[], &verdict, PaceView::Virtual);
        for (lang, ending) in [(Lang::En, "svg"), (Lang::Ko, "ko.svg")] {
            let mut drawing = reach_over_time(&view, lang);
            drawing.title = view.title.text(lang).to_owned();
            compare(&format!("docs/images/{picture}.{ending}"), &drawing.alone(lang));
        }
    }
}
