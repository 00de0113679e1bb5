//! What must hold before the program starts: fail closed.

use super::StartError;
use crate::web::{Column, Room};
use policy::Control;

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
