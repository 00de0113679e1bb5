//! Writes the register as Rust.

use super::emit::camel;
use super::register::Register;
use std::fmt::Write;

/// The formatting machinery cannot fail on a `String`.
macro_rules! put {
    ($out:expr, $($form:tt)*) => { writeln!($out, $($form)*).expect("a String takes all") };
}

pub fn code(register: &Register) -> String {
    let mut out = String::new();
    put!(out, "/// Every control, by the name of its switch.");
    put!(out, "#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\npub enum Control {{");
    for control in &register.control {
        put!(out, "/// {}\n{},", control.en, camel(&control.id));
    }
    put!(out, "}}\n/// Every clause, in the order of the policy.\npub static CLAUSES: &[ClauseEntry] = &[");
    for c in &register.clause {
        put!(
            out,
            "ClauseEntry {{ id: {:?}, zh: {:?}, en: {:?}, missing_zh: {:?}, missing_en: {:?} }},",
            c.id,
            c.zh,
            c.en,
            c.missing_zh,
            c.missing_en
        );
    }
    put!(out, "];\n/// Every control, in the order of `controls.toml`.\npub static CONTROLS: &[ControlEntry] = &[");
    for c in &register.control {
        put!(
            out,
            "ControlEntry {{ control: Control::{}, id: {:?}, clauses: &{:?}, zh: {:?}, en: {:?}, tests: &{:?}, compile: &{:?}, evidence: {:?}, max_age_hours: {} }},",
            camel(&c.id),
            c.id,
            c.clauses,
            c.zh,
            c.en,
            c.tests,
            c.compile,
            c.evidence,
            c.max_age_hours
        );
    }
    put!(out, "];");
    out
}
