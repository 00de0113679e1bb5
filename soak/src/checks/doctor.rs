//! `ziyun doctor` beside the program that serves: nothing fails.

use crate::ledger::Ledger;
use crate::place::Place;
use serde_json::Value;

/// Asks it.
///
/// # Errors
/// What the system says.
pub async fn doctor(place: &Place, ledger: &Ledger) -> std::io::Result<()> {
    let mut command = place.command(&["doctor", "--json"]);
    let output = tokio::task::spawn_blocking(move || command.output()).await.map_err(std::io::Error::other)??;
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if findings.is_empty() {
        ledger.violation(format!("the doctor finds nothing: {}", String::from_utf8_lossy(&output.stderr)));
    }
    for finding in findings.iter().filter(|finding| finding["state"] == "fail") {
        ledger.violation(format!("the doctor says: {finding}"));
    }
    Ok(())
}
