//! The rules that the matrix must keep.

use std::collections::BTreeSet;

use super::{BASES, DECLARED, Kind, Matrix, RELATIONS, Starts};

impl Matrix {
    /// Every breach, each naming the entry, the rule and what is known instead.
    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        self.check_ids(&mut mistakes);
        self.check_words(&mut mistakes);
        self.check_rows(&mut mistakes);
        self.check_grounds(&mut mistakes);
        self.check_consents(&mut mistakes);
        self.check_assessments(&mut mistakes);
        self.check_use(&mut mistakes);
        mistakes
    }

    fn ids(&self) -> [(&'static str, Vec<&str>); 4] {
        [
            ("retention", self.retention.iter().map(|r| r.id.as_str()).collect()),
            ("field", self.field.iter().map(|f| f.id.as_str()).collect()),
            ("purpose", self.purpose.iter().map(|p| p.id.as_str()).collect()),
            ("recipient", self.recipient.iter().map(|r| r.id.as_str()).collect()),
        ]
    }

    fn check_ids(&self, mistakes: &mut Vec<String>) {
        for (table, ids) in self.ids() {
            let mut seen = BTreeSet::new();
            for id in ids {
                let well_formed = id.starts_with(|c: char| c.is_ascii_lowercase())
                    && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
                if !well_formed {
                    mistakes.push(format!(
                        "{table} `{id}`: an id is lower-case letters, digits, `-` and `_`, and begins with a letter"
                    ));
                }
                if !seen.insert(id) {
                    mistakes.push(format!("{table} `{id}` is declared twice"));
                }
            }
        }
        for field in &self.field {
            self.known("retention", &field.retention, &format!("field `{}`", field.id), mistakes);
        }
    }

    fn check_words(&self, mistakes: &mut Vec<String>) {
        let words = (self.retention.iter().map(|r| (&r.id, [&r.zh, &r.en, &r.source_zh])))
            .chain(self.field.iter().map(|f| (&f.id, [&f.zh, &f.en, &f.id])))
            .chain(self.purpose.iter().map(|p| (&p.id, [&p.zh, &p.en, &p.clause])))
            .chain(self.recipient.iter().map(|r| (&r.id, [&r.zh, &r.en, &r.id])));
        for (id, texts) in words {
            if texts.iter().any(|text| text.trim().is_empty()) {
                mistakes.push(format!("`{id}`: words in zh and en, and source or clause, may not be empty"));
            }
        }
    }

    fn check_rows(&self, mistakes: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for row in &self.row {
            let name = row.name();
            self.known("field", &row.field, &name, mistakes);
            self.known("purpose", &row.purpose, &name, mistakes);
            self.known("recipient", &row.recipient, &name, mistakes);
            if !BASES.iter().any(|(id, _)| *id == row.basis) {
                let known: Vec<_> = BASES.iter().map(|(id, _)| *id).collect();
                mistakes.push(format!("{name}: basis `{}` is none of PIPL 13(1): {}", row.basis, known.join(", ")));
            }
            if row.source.trim().is_empty() {
                mistakes.push(format!("{name}: its source is empty; name the law or the agreement"));
            }
            if !seen.insert((&row.field, &row.purpose, &row.recipient)) {
                mistakes.push(format!("{name} stands twice; one use has one basis"));
            }
        }
    }

    /// A basic function cannot rest on a consent that one may refuse (clause 2.1); an additional one rests on nothing
    /// else (2.2); an exception on its case, and nothing else does (5.4).
    fn check_grounds(&self, mistakes: &mut Vec<String>) {
        for row in &self.row {
            let kind = self.purpose.iter().find(|p| p.id == row.purpose).map(|p| p.kind);
            if kind.is_some_and(|kind| (kind == Kind::Exception) != (row.basis == "case")) {
                mistakes.push(format!("{}: an exception rests on `case`, and nothing else does", row.name()));
                continue;
            }
            match (kind, row.basis == "consent") {
                (Some(Kind::Basic), true) => {
                    mistakes.push(format!(
                        "{}: a basic function cannot rest on consent; name another basis or make it additional",
                        row.name()
                    ));
                }
                (Some(Kind::Additional), false) => {
                    mistakes.push(format!(
                        "{}: an additional function rests on consent only, not on `{}`",
                        row.name(),
                        row.basis
                    ));
                }
                _ => {}
            }
        }
    }

    /// A consent ends by itself and is asked anew; what no consent carries has no such end, and no company authorises it.
    fn check_consents(&self, mistakes: &mut Vec<String>) {
        for purpose in &self.purpose {
            match (purpose.kind, purpose.consent_months) {
                (Kind::Additional, None | Some(0)) => mistakes.push(format!(
                    "purpose `{}` is additional: `consent_months` says how long a consent holds, one month at least",
                    purpose.id
                )),
                (Kind::Basic | Kind::Exception, Some(_)) => {
                    mistakes.push(format!("purpose `{}` rests on no consent: it has no `consent_months`", purpose.id))
                }
                _ => {}
            }
            if purpose.kind != Kind::Additional && purpose.company_authorises {
                mistakes.push(format!(
                    "purpose `{}` is not additional: `company_authorises` is for additional ones",
                    purpose.id
                ));
            }
        }
        self.check_function_retention(mistakes);
    }

    /// What is kept until a consent ends cannot serve what goes on without one; but while it is there its person may
    /// see and copy it (PIPL 45), which is a duty and no function.
    fn check_function_retention(&self, mistakes: &mut Vec<String>) {
        let until_consent_ends = |row: &super::Row| {
            let field = self.field.iter().find(|field| field.id == row.field);
            let class = field.and_then(|field| self.retention.iter().find(|class| class.id == field.retention));
            class.is_some_and(|class| class.starts == Starts::ConsentEnd)
        };
        let is_owed = |row: &super::Row| row.basis == "legal-duty" && row.recipient == "subject";
        for row in self.row.iter().filter(|row| row.basis != "consent" && !is_owed(row) && until_consent_ends(row)) {
            mistakes
                .push(format!("{}: the field is kept until a consent ends, so it rests on consent only", row.name()));
        }
    }

    /// PIPL 55: what a purpose's marks are is computed; that it needs an assessment is said beside it, so that nobody adds a
    /// mark without seeing it.
    fn check_assessments(&self, mistakes: &mut Vec<String>) {
        for recipient in &self.recipient {
            if !RELATIONS.iter().any(|(id, ..)| *id == recipient.relation) {
                let known: Vec<_> = RELATIONS.iter().map(|(id, ..)| *id).collect();
                mistakes.push(format!("recipient `{}`: say its `relation`: one of {}", recipient.id, known.join(", ")));
            }
        }
        for purpose in &self.purpose {
            for mark in purpose.marks.iter().filter(|mark| !DECLARED.contains(&mark.as_str())) {
                let known = DECLARED.join(", ");
                mistakes.push(format!("purpose `{}` declares mark `{mark}`; it may declare {known}", purpose.id));
            }
            let marks = self.marks(purpose).join(", ");
            match (purpose.assessment_required, marks.is_empty()) {
                (false, false) => mistakes.push(format!(
                    "purpose `{}` is marked {marks}: PIPL 55 requires an assessment; set `assessment_required` and record it in assessments.toml",
                    purpose.id
                )),
                (true, true) => mistakes.push(format!("purpose `{}` has no mark that requires an assessment", purpose.id)),
                _ => {}
            }
        }
    }

    /// A field without a use may not be collected (clause 2.1); a purpose or recipient without a row says something
    /// untrue.
    fn check_use(&self, mistakes: &mut Vec<String>) {
        let mut unused = |table: &str, id: &str, used: bool| {
            if !used {
                mistakes.push(format!("{table} `{id}` stands in no row; remove it or declare its use"));
            }
        };
        for field in &self.field {
            unused("field", &field.id, self.row.iter().any(|row| row.field == field.id));
        }
        for purpose in &self.purpose {
            unused("purpose", &purpose.id, self.row.iter().any(|row| row.purpose == purpose.id));
        }
        for recipient in &self.recipient {
            unused("recipient", &recipient.id, self.row.iter().any(|row| row.recipient == recipient.id));
        }
    }

    fn known(&self, table: &str, id: &str, by: &str, mistakes: &mut Vec<String>) {
        let declared = self.ids().into_iter().find(|(name, _)| *name == table).map(|(_, ids)| ids).unwrap_or_default();
        if !declared.contains(&id) {
            mistakes.push(format!("{by}: {table} `{id}` is not declared; known are {}", declared.join(", ")));
        }
    }
}
