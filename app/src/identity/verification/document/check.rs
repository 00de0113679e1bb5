//! What the program compares at once, before anything is drawn or kept.

use super::kind::IdKind;
use crate::app::App;
use crate::identity::company::part::named;
use crate::identity::verification::kind::Kind;
use crate::web::{Context, Error, Fields, Form, Member};
use kit::id::Id;
use kit::identifier::plain;
use policy::Control;
use vault::{IdName, IdNumber};
use zeroize::Zeroizing;

/// What the form of the step *identity* sends beside its pages.
#[derive(Default)]
pub struct Typed {
    kind: Option<IdKind>,
    name: Option<IdName>,
    number: Option<Zeroizing<String>>,
}

impl Typed {
    /// Takes the fields; other steps send none. The number is never kept with the form.
    pub fn take(fields: &mut Fields) -> Option<Self> {
        fields.one_of("document", IdKind::ALL.map(IdKind::code));
        let kind = fields.optional("document", |code| IdKind::of(code).ok_or("choice"));
        let name = fields
            .like("id_name", "林澜")
            .optional("id_name", |text| text.parse::<IdName>().map_err(|_| "person-name"));
        let short = |text: String| if text.len() <= 200 { Ok(Zeroizing::new(text)) } else { Err("resident-id-length") };
        let number = fields.optional_secret("id_number", short);
        Some(Self { kind: kind?, name: name?, number: number? })
    }

    /// Refuses what a step has no use for.
    ///
    /// # Errors
    /// 422.
    pub fn none(&self, form: &Form) -> Result<(), Error> {
        let given =
            [("document", self.kind.is_some()), ("id_name", self.name.is_some()), ("id_number", self.number.is_some())];
        let given: Vec<_> =
            given.into_iter().filter(|(_, is)| *is).map(|(field, _)| (field, "unknown-field".into())).collect();
        if given.is_empty() { Ok(()) } else { Err(form.clone().refuse_all(given)) }
    }
}

/// A document that the program has nothing against.
pub struct Checked {
    pub(super) kind: IdKind,
    pub(super) name: IdName,
    pub(super) number: IdNumber,
    /// The row on the company's record whose name it was compared with.
    pub(super) filed: Option<Id<()>>,
}

/// Compares what was typed: form, check digit, date, area, age; of a legal representative the name with the company's record.
///
/// # Errors
/// 422 with what breaks which rule; 409 `representative-not-filed`; 503.
pub async fn check(
    app: &App,
    context: &Context,
    (member, of): (&Member, Kind),
    typed: Typed,
    form: &Form,
) -> Result<Checked, Error> {
    let refuse = |field: &str, code: &'static str| form.clone().refuse(field, code);
    let kind = typed.kind.ok_or_else(|| refuse("document", "required"))?;
    let name = typed.name.ok_or_else(|| refuse("id_name", "required"))?;
    let text = typed.number.filter(|text| !text.trim().is_empty()).ok_or_else(|| refuse("id_number", "required"))?;
    let today = context.now.to_zoned_datetime(app.zone()).date();
    let read = if policy::holds(Control::IdNumberCompared) { kind.read(&text, today) } else { Ok(plain(&text)) };
    let number = Zeroizing::new(read.map_err(|code| refuse("id_number", code))?);
    let number = Zeroizing::new(format!("{} {}", kind.code(), *number)).parse::<IdNumber>().map_err(Error::fault)?;
    let mut filed = None;
    if of == Kind::LegalRepresentative {
        let found = named(app, context, member).await?;
        let (stands, theirs) = found.ok_or_else(|| Error::conflict("representative-not-filed"))?;
        if !is_same_name(name.expose(), theirs.expose()) && policy::holds(Control::IdNumberCompared) {
            return Err(refuse("id_name", "representative-differs"));
        }
        filed = Some(stands.row);
    }
    Ok(Checked { kind, name, number, filed })
}

/// Names are compared by their letters: spaces, dots and case are written in many ways.
fn is_same_name(one: &str, other: &str) -> bool {
    let letters =
        |name: &str| name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::is_same_name;

    #[test]
    fn names_are_compared_by_their_letters() {
        for (one, other, same) in [
            ("司空望舒", "司空 望舒", true),
            ("买买提·吐尔逊", "买买提•吐尔逊", true),
            ("Anna Berg", "ANNA BERG", true),
            ("司空望舒", "司空望书", false),
        ] {
            assert_eq!(is_same_name(one, other), same, "{one} {other}");
        }
    }
}
