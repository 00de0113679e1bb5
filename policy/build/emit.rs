//! Writes the Rust code. Text goes through `{:?}`, which quotes as Rust does.

use std::fmt::Write;

use crate::{
    agreements::Terms,
    matrix::{MARKS, Matrix, Purpose, RELATIONS},
    text::{Block, Span},
    versions::{Source, Version},
};

pub fn code(matrix: &Matrix, versions: &[Version], terms: &[Terms]) -> String {
    let mut out = String::new();
    retentions(matrix, &mut out);
    fields(matrix, &mut out);
    purposes(matrix, &mut out);
    recipients(matrix, &mut out);
    rows(matrix, &mut out);
    texts(versions, &mut out);
    agreements(terms, &mut out);
    out
}

/// `user-agent` -> `UserAgent`
pub fn camel(id: &str) -> String {
    id.split(['-', '_']).map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// The formatting machinery cannot fail on a `String`.
macro_rules! put {
    ($out:expr, $($form:tt)*) => { writeln!($out, $($form)*).expect("a String takes all") };
}

fn retentions(matrix: &Matrix, out: &mut String) {
    put!(out, "/// How long, and from when: see [`RetentionEntry`].");
    put!(out, "#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]\npub enum Retention {{");
    for retention in &matrix.retention {
        put!(
            out,
            "/// {} ({})\n#[serde(rename = {:?})]\n{},",
            retention.en,
            retention.source,
            retention.id,
            camel(&retention.id)
        );
    }
    put!(out, "}}\n/// Every retention class.\npub static RETENTIONS: &[RetentionEntry] = &[");
    for r in &matrix.retention {
        put!(
            out,
            "RetentionEntry {{ retention: Retention::{}, id: {:?}, zh: {:?}, en: {:?}, starts: Starts::{:?}, months: {}, source: {:?}, source_zh: {:?} }},",
            camel(&r.id),
            r.id,
            r.zh,
            r.en,
            r.starts,
            r.months,
            r.source,
            r.source_zh
        );
    }
    put!(out, "];");
}

fn marker(id: &str, words: &str, kind: &str, body: &str, out: &mut String) {
    let name = camel(id);
    put!(out, "/// {words}\n#[derive(Clone, Copy, Debug)]\npub struct {name};");
    put!(out, "impl crate::matrix::sealed::Sealed for {name} {{}}");
    put!(out, "impl crate::{kind} for {name} {{ const ID: &'static str = {id:?}; {body} }}");
}

fn fields(matrix: &Matrix, out: &mut String) {
    put!(out, "/// One type per personal field of the matrix.\npub mod field {{");
    for f in &matrix.field {
        let body = format!(
            "const CLASS: crate::Class = crate::Class::{:?}; const RETENTION: crate::Retention = crate::Retention::{};",
            f.class,
            camel(&f.retention)
        );
        marker(&f.id, &f.en, "Field", &body, out);
    }
    put!(out, "}}\n/// Every personal field.\npub static FIELDS: &[FieldEntry] = &[");
    for f in &matrix.field {
        put!(
            out,
            "FieldEntry {{ id: {:?}, zh: {:?}, en: {:?}, class: Class::{:?}, retention: Retention::{} }},",
            f.id,
            f.zh,
            f.en,
            f.class,
            camel(&f.retention)
        );
    }
    put!(out, "];");
}

fn purposes(matrix: &Matrix, out: &mut String) {
    put!(out, "/// One type per purpose of the matrix.\npub mod purpose {{");
    for p in &matrix.purpose {
        let body = format!("const COMPANY_AUTHORISES: bool = {:?};", p.company_authorises);
        marker(&p.id, &p.en, "Purpose", &body, out);
    }
    put!(out, "}}\n/// Every purpose.\npub static PURPOSES: &[PurposeEntry] = &[");
    for p in &matrix.purpose {
        put!(
            out,
            "PurposeEntry {{ id: {:?}, kind: Kind::{:?}, clause: {:?}, zh: {:?}, en: {:?}, marks: &[{}], consent_months: {:?}, company_authorises: {:?} }},",
            p.id,
            p.kind,
            p.clause,
            p.zh,
            p.en,
            marks(matrix, p),
            p.consent_months,
            p.company_authorises
        );
    }
    put!(out, "];");
}

fn marks(matrix: &Matrix, purpose: &Purpose) -> String {
    let variant = |id: &str| MARKS.iter().find(|(mark, _)| *mark == id).expect("a mark of the list").1;
    matrix.marks(purpose).into_iter().map(|mark| format!("Mark::{},", variant(mark))).collect()
}

fn recipients(matrix: &Matrix, out: &mut String) {
    put!(out, "/// One type per recipient of the matrix.\npub mod recipient {{");
    for r in &matrix.recipient {
        marker(&r.id, &r.en, "Recipient", "", out);
    }
    put!(out, "}}\n/// Every recipient.\npub static RECIPIENTS: &[RecipientEntry] = &[");
    for r in &matrix.recipient {
        let relation = RELATIONS.iter().find(|(id, ..)| *id == r.relation).expect("checked by Matrix::parse").1;
        put!(
            out,
            "RecipientEntry {{ id: {:?}, relation: Relation::{relation}, zh: {:?}, en: {:?} }},",
            r.id,
            r.zh,
            r.en
        );
    }
    put!(out, "];");
}

fn rows(matrix: &Matrix, out: &mut String) {
    for r in &matrix.row {
        put!(
            out,
            "impl Permits<field::{}, recipient::{}> for purpose::{} {{ const BASIS: Basis = Basis::{}; }}",
            camel(&r.field),
            camel(&r.recipient),
            camel(&r.purpose),
            r.basis_variant()
        );
    }
    put!(out, "/// Every permitted use.\npub static ROWS: &[RowEntry] = &[");
    for r in &matrix.row {
        put!(
            out,
            "RowEntry {{ field: {:?}, purpose: {:?}, basis: Basis::{}, recipient: {:?}, source: {:?} }},",
            r.field,
            r.purpose,
            r.basis_variant(),
            r.recipient,
            r.source
        );
    }
    put!(out, "];");
}

fn texts(versions: &[Version], out: &mut String) {
    put!(out, "/// Every version that this program knows, oldest first.\npub static VERSIONS: &[Version] = &[");
    for v in versions {
        put!(out, "Version {{ id: {:?}, uses: &[", v.id);
        for [purpose, field, recipient, retention] in &v.uses {
            put!(
                out,
                "Use {{ purpose: {purpose:?}, field: {field:?}, recipient: {recipient:?}, retention: {retention:?} }},"
            );
        }
        put!(out, "], zh: ");
        text("zh-CN", &v.zh, out);
        put!(out, ", en: ");
        text("en", &v.en, out);
        put!(out, "}},");
    }
    put!(out, "];");
}

fn agreements(all: &[Terms], out: &mut String) {
    put!(
        out,
        "/// Every service agreement and set of platform rules, in the order of their ids.\npub static TERMS: &[Terms] = &["
    );
    for terms in all {
        put!(out, "Terms {{ id: {:?}, editions: &[", terms.id);
        for edition in &terms.editions {
            put!(out, "Edition {{ id: {:?}, zh: ", edition.id);
            text("zh-CN", &edition.zh, out);
            put!(out, ", en: ");
            text("en", &edition.en, out);
            put!(out, "}},");
        }
        put!(out, "] }},");
    }
    put!(out, "];");
}

fn text(lang: &str, source: &Source, out: &mut String) {
    put!(
        out,
        "Text {{ lang: {lang:?}, title: {:?}, source: include_str!({:?}), sections: &[",
        source.text.title,
        source.path
    );
    for section in &source.text.sections {
        put!(out, "Section {{ number: {}, heading: {:?}, blocks: &[", section.number, section.heading);
        for block in &section.blocks {
            match block {
                Block::Paragraph(line) => put!(out, "Block::Paragraph({}),", spans(line)),
                Block::List(items) => {
                    put!(out, "Block::List(&[{}]),", items.iter().map(|item| spans(item) + ",").collect::<String>())
                }
            }
        }
        put!(out, "] }},");
    }
    put!(out, "] }}");
}

fn spans(line: &[Span]) -> String {
    let list: String = line
        .iter()
        .map(|span| match span {
            Span::Plain(text) => format!("Span::Plain({text:?}),"),
            Span::Weighty(text) => format!("Span::Weighty({text:?}),"),
            Span::Code(text) => format!("Span::Code({text:?}),"),
            Span::Contact => "Span::Contact,".to_owned(),
        })
        .collect();
    format!("&[{list}]")
}
