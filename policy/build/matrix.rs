//! `matrix.toml` as it is read.

mod rules;

use serde::Deserialize;

/// The grounds of PIPL art. 13(1), in the order of its items. Contract and HR are two halves of item 2. `case` is none by
/// itself: an approved exception case names one of items 2 to 7.
pub const BASES: [(&str, &str); 9] = [
    ("consent", "Consent"),
    ("contract", "Contract"),
    ("hr", "HumanResources"),
    ("legal-duty", "LegalDuty"),
    ("emergency", "Emergency"),
    ("news", "News"),
    ("published", "Published"),
    ("other-law", "OtherLaw"),
    ("case", "Case"),
];

/// What a recipient is to the operator, each with its variant and the mark (PIPL 55) that it gives a purpose.
pub const RELATIONS: [(&str, &str, Option<&str>); 7] = [
    ("self", "Own", None),
    ("company", "Company", None),
    ("operator", "Operator", None),
    ("entrusted", "Entrusted", Some("entrusted")),
    ("provided", "Provided", Some("provided")),
    ("public", "Public", Some("published")),
    ("abroad", "Abroad", Some("abroad")),
];

/// The marks of PIPL 55, each with its variant, in the order of the article.
pub const MARKS: [(&str, &str); 7] = [
    ("sensitive", "Sensitive"),
    ("automated", "Automated"),
    ("entrusted", "Entrusted"),
    ("provided", "Provided"),
    ("published", "Published"),
    ("abroad", "Abroad"),
    ("influence", "Influence"),
];

/// Those of them that a purpose declares itself.
pub const DECLARED: [&str; 2] = ["automated", "influence"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    #[serde(default)]
    pub retention: Vec<Retention>,
    #[serde(default)]
    pub field: Vec<Field>,
    #[serde(default)]
    pub purpose: Vec<Purpose>,
    #[serde(default)]
    pub recipient: Vec<Recipient>,
    #[serde(default)]
    pub row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub starts: Starts,
    pub months: u32,
    pub source: String,
    pub source_zh: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Starts {
    AccountEnd,
    Recorded,
    ConsentEnd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub class: Class,
    pub retention: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Ordinary,
    Sensitive,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub id: String,
    pub kind: Kind,
    pub clause: String,
    pub zh: String,
    pub en: String,
    /// Whether PIPL 55 asks for an assessment; must be what the marks say.
    pub assessment_required: bool,
    /// Marks that neither fields nor recipients tell: `automated`, `influence`.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Of an additional function: for how many months a consent holds.
    pub consent_months: Option<u32>,
    /// Of an additional function: the person's company must have authorised it too.
    #[serde(default)]
    pub company_authorises: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Basic,
    Additional,
    Exception,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    pub id: String,
    /// What it is to the operator: one of [`RELATIONS`].
    #[serde(default)]
    pub relation: String,
    pub zh: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub field: String,
    pub purpose: String,
    pub basis: String,
    pub recipient: String,
    pub source: String,
}

impl Row {
    fn name(&self) -> String {
        format!("row {} x {} x {}", self.field, self.purpose, self.recipient)
    }

    /// Variant of `policy::Basis`; the matrix was checked before.
    pub fn basis_variant(&self) -> &'static str {
        BASES.iter().find(|(id, _)| *id == self.basis).expect("checked by Matrix::parse").1
    }
}

impl Matrix {
    /// Reads and checks. `Err` holds every mistake, each naming the entry, the rule and what is known instead.
    pub fn parse(source: &str) -> Result<Matrix, Vec<String>> {
        let matrix: Matrix =
            toml::from_str(source).map_err(|e| vec![format!("matrix.toml: {e}").replace('\n', " ")])?;
        let mistakes = matrix.mistakes();
        if mistakes.is_empty() { Ok(matrix) } else { Err(mistakes) }
    }

    /// Its rows as uses: purpose, field, recipient, and for how long the field is kept.
    pub fn uses(&self) -> Vec<[String; 4]> {
        let retention = |id: &str| self.field.iter().find(|field| field.id == id).map(|field| field.retention.clone());
        let of = |row: &Row| {
            let kept = retention(&row.field).unwrap_or_default();
            [row.purpose.clone(), row.field.clone(), row.recipient.clone(), kept]
        };
        self.row.iter().map(of).collect()
    }

    /// The marks of a purpose, in the order of the article: what fields and recipients give it, and what it declares.
    pub fn marks(&self, purpose: &Purpose) -> Vec<&'static str> {
        let rows = || self.row.iter().filter(|row| row.purpose == purpose.id);
        let is_sensitive =
            |row: &Row| self.field.iter().any(|field| field.id == row.field && field.class == Class::Sensitive);
        let given = |row: &Row| {
            let recipient = self.recipient.iter().find(|recipient| recipient.id == row.recipient)?;
            RELATIONS.iter().find(|(id, ..)| *id == recipient.relation)?.2
        };
        let has = |mark: &str| match mark {
            "sensitive" => rows().any(is_sensitive),
            _ => rows().any(|row| given(row) == Some(mark)) || purpose.marks.iter().any(|one| one == mark),
        };
        MARKS.iter().map(|(mark, _)| *mark).filter(|mark| has(mark)).collect()
    }

    /// Whether each word of a use is declared.
    pub fn declares(&self, [purpose, field, recipient, retention]: &[String; 4]) -> bool {
        self.purpose.iter().any(|one| one.id == *purpose)
            && self.field.iter().any(|one| one.id == *field)
            && self.recipient.iter().any(|one| one.id == *recipient)
            && self.retention.iter().any(|one| one.id == *retention)
    }
}
