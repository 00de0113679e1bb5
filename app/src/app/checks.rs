//! What must hold before the program starts: fail closed.

use super::StartError;
use crate::web::{Column, Room};
use policy::{Control, Mark};

/// A room may only use purposes that the policy has.
pub(super) fn purposes(rooms: &[&Room]) -> Result<(), StartError> {
    let is_unknown = |name: &&&str| policy::purpose_named(name).is_none() && policy::holds(Control::PurposesAtStart);
    let unknown = rooms.iter().flat_map(|room| room.purposes).find(is_unknown);
    unknown.map_or(Ok(()), |name| Err(StartError::new("the policy", format!("it has no purpose named {name}"))))
}

/// A room may only keep fields that the policy has, and only for a purpose of it.
pub(super) fn held(rooms: &[&Room]) -> Result<(), StartError> {
    let is_used = |field: &str| policy::ROWS.iter().any(|row| row.field == field);
    let is_unknown = |column: &&Column| {
        let declared = policy::field_named(column.field).is_some() && is_used(column.field);
        !declared && policy::holds(Control::HeldAtStart)
    };
    let unknown = rooms.iter().filter_map(|room| room.held).flat_map(|held| held.columns).find(is_unknown);
    unknown.map_or(Ok(()), |Column { table, column, field }| {
        Err(StartError::new("the policy", format!("{table}.{column} holds {field}, for which it has no purpose")))
    })
}

/// What is processed with a mark of PIPL 55 must have a recorded impact assessment: the policy's marks, and those that a room
/// says its own acts have.
pub(super) fn assessed(rooms: &[&Room]) -> Result<(), StartError> {
    match unassessed(rooms).next() {
        Some((purpose, mark)) if policy::holds(Control::AssessedAtStart) => {
            let mark = mark.id();
            let why =
                format!("purpose {purpose} is marked {mark} (PIPL 55) and has no impact assessment; {HOW_TO_RECORD}");
            Err(StartError::new("the policy", why))
        }
        _ => Ok(()),
    }
}

/// The way out.
pub(crate) const HOW_TO_RECORD: &str =
    "record one in policy/assessments.toml (necessity, risks, measures: PIPL 56) and build the program anew";

/// Purposes and marks without an assessment in force.
pub(crate) fn unassessed(rooms: &[&Room]) -> impl Iterator<Item = (&'static str, Mark)> {
    let of_rooms = rooms.iter().flat_map(|room| room.marks).copied();
    policy::marked().chain(of_rooms).filter(|(purpose, mark)| policy::assessment(purpose, *mark).is_none())
}
