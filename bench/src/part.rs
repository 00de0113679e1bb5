//! The parts of a run: which figures each measures, and how. What is read while nothing else is asked (`reads`) and the
//! sizes (`scale`) have their own place in a run, but their names are here too.

use crate::figure::Figure;
use crate::place::Place;
use crate::plan::Plan;
use crate::{
    auction, backups, batch, erasing, opening, providers, reads, records, scale, sealed, sign_in_timing, submissions,
    two_worlds, uploads, use_log, writes,
};
use std::path::Path;

/// Some figures that are measured together.
pub struct Part {
    /// Its name, as an argument and for what failed.
    pub name: &'static str,
    /// The figures, in the order in which they are printed.
    pub figures: &'static [&'static str],
    /// Measures those that are wanted; the folder is `bench/out`.
    pub measure: fn(&Plan, &Place, &Path) -> Vec<Figure>,
}

/// In the order of a run.
pub const PARTS: [Part; 15] = [
    Part { name: "writes", figures: &writes::NAMES, measure: |plan, place, _| writes::measure(plan, place) },
    Part { name: "sealed", figures: &sealed::NAMES, measure: |plan, place, _| sealed::measure(plan, place) },
    Part { name: "records", figures: &records::NAMES, measure: |plan, place, _| records::measure(plan, place) },
    Part { name: "batch", figures: &batch::NAMES, measure: |plan, place, _| batch::measure(plan, place) },
    Part {
        name: "submissions",
        figures: &submissions::NAMES,
        measure: |plan, place, _| submissions::measure(plan, place),
    },
    Part {
        name: "registrations",
        figures: &submissions::REGISTRATION,
        measure: |plan, place, _| submissions::register(plan, place),
    },
    Part {
        name: "sign-in-timing",
        figures: &sign_in_timing::NAMES,
        measure: |plan, place, _| sign_in_timing::measure(plan, place),
    },
    Part { name: "opening", figures: &opening::NAMES, measure: |plan, place, _| opening::measure(plan, place) },
    Part { name: "two-worlds", figures: &two_worlds::NAMES, measure: two_worlds::measure },
    Part { name: "auction", figures: &auction::NAMES, measure: |plan, place, _| auction::measure(plan, place) },
    Part { name: "erasing", figures: &erasing::NAMES, measure: erasing::measure },
    Part { name: "backups", figures: &backups::NAMES, measure: backups::measure },
    Part { name: "uploads", figures: &uploads::NAMES, measure: uploads::measure },
    Part { name: "use-log", figures: &use_log::NAMES, measure: use_log::measure },
    Part { name: "providers", figures: &providers::NAMES, measure: |plan, place, _| providers::measure(plan, place) },
];

/// Part and figures, of all that there are.
pub fn all() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let parts = PARTS.iter().map(|part| (part.name, part.figures.to_vec()));
    let others = [("reads", reads::NAMES.to_vec()), ("scale", scale::names())];
    parts.chain(others)
}

/// For who asks what there is: a line for each part.
pub fn listed() -> String {
    all().map(|(name, figures)| format!("{name}: {}", figures.join(" "))).collect::<Vec<_>>().join("\n")
}
