//! How good a score is where the truth is known.

/// A score, greater for more conspicuous, and whether it was collusion.
pub type Scored = (f64, bool);

/// Area under the receiver's curve: the chance that a collusive lot scores higher than another; ties count half. None where one of the
/// two kinds is missing.
pub fn auc(scored: &[Scored]) -> Option<f64> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let positive = sorted.iter().filter(|(_, truth)| *truth).count() as f64;
    let negative = sorted.len() as f64 - positive;
    let (mut below, mut area) = (0.0, 0.0);
    for tied in sorted.chunk_by(|one, other| one.0 == other.0) {
        let here = tied.iter().filter(|(_, truth)| *truth).count() as f64;
        let others = tied.len() as f64 - here;
        area += here * (below + others / 2.0);
        below += others;
    }
    (positive > 0.0 && negative > 0.0).then(|| area / (positive * negative))
}

/// Of the `share` with the highest scores, how many were collusion: by expectation, where ties straddle the edge.
pub fn precision_at(scored: &[Scored], share: f64) -> Option<f64> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|one, other| other.0.total_cmp(&one.0));
    let wanted = (sorted.len() as f64 * share).ceil();
    let (mut left, mut right) = (wanted, 0.0);
    for tied in sorted.chunk_by(|one, other| one.0 == other.0) {
        let taken = left.min(tied.len() as f64);
        right += taken * tied.iter().filter(|(_, truth)| *truth).count() as f64 / tied.len() as f64;
        left -= taken;
    }
    (wanted > 0.0).then(|| right / wanted)
}

/// How many of all were collusion: what a draw by lot would reach.
pub fn base(scored: &[Scored]) -> Option<f64> {
    let count = scored.iter().filter(|(_, truth)| *truth).count() as f64;
    (!scored.is_empty()).then(|| count / scored.len() as f64)
}
