//! What was measured, kept beside the code that it is about: who reads a signal is told how often its screen was right.
//! `tests/evaluation.rs` compares these numbers with the data where they are there.

use crate::signal::Kind;

/// What low CV reaches on each data set of García Rodríguez et al. (2022): area under the curve.
pub const EXPECTED_LOW_CV: [(&str, f64); 6] = [
    ("Brazil", 0.90),
    ("Switzerland_Ticino", 0.82),
    ("Japan", 0.74),
    ("Italy", 0.63),
    ("Switzerland_GR_SG", 0.53),
    ("America", 0.46),
];

/// What a method has reached on a data set, as readers are told it.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The data set.
    pub set: &'static str,
    /// The method, as [`evaluation`](crate::evaluation) names it.
    pub method: &'static str,
    /// How many of the lots were collusion, as a share: what a draw by lot would reach.
    pub base: f64,
    /// Area under the curve.
    pub auc: f64,
    /// Of the tenth of the lots that it put first, how many were.
    pub precision: f64,
}

/// What was measured of the screens that a signal rests on.
pub const MEASURED: [Measured; 6] = [
    Measured { set: "Italy", method: "CV", base: 0.5144, auc: 0.63, precision: 0.5 },
    Measured { set: "Italy", method: "RD", base: 0.5144, auc: 0.5194, precision: 0.5357 },
    Measured { set: "Switzerland_GR_SG", method: "CV", base: 0.7731, auc: 0.526, precision: 0.7016 },
    Measured { set: "Switzerland_GR_SG", method: "RD", base: 0.7731, auc: 0.4222, precision: 0.623 },
    Measured { set: "America", method: "CV", base: 0.2966, auc: 0.4568, precision: 0.2174 },
    Measured { set: "America", method: "RD", base: 0.3004, auc: 0.4995, precision: 0.3222 },
];

/// What was measured of the screen that a signal rests on; empty where no labelled data are there for it.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static Measured> {
    let method = match kind {
        Kind::LowVariation => Some("CV"),
        Kind::LoneWinner => Some("RD"),
        _ => None,
    };
    MEASURED.iter().filter(move |measured| Some(measured.method) == method)
}
