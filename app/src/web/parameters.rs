//! The parameters of a list's address: what all lists that are filtered do alike.

use super::Error;

/// Reads a query. `take` gets each parameter that is filled and answers whether it makes sense; what it does not know is passed
/// over, since links gather such. The cursor, `after`, comes back beside.
///
/// # Errors
/// 400 with this code, naming the parameter: the answer would be to another question.
pub fn parameters(
    query: &str,
    code: &'static str,
    mut take: impl FnMut(&str, &str) -> bool,
) -> Result<Option<String>, Error> {
    let mut after = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let understood = match &*name {
            "after" => once(&mut after, Some(value.to_owned())),
            name => take(name, value),
        };
        if !understood {
            return Err(Error::malformed(code).with("field", &*name));
        }
    }
    Ok(after)
}

/// Sets a parameter that may stand once only. Answers whether it makes sense.
pub fn once<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let fits = place.is_none() && value.is_some();
    *place = value;
    fits
}

/// A list's address with these parameters and one more.
pub fn address(list: &str, pairs: Vec<(&'static str, String)>, more: Option<(&str, &str)>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(pairs).extend_pairs(more).finish();
    if query.is_empty() { list.to_owned() } else { format!("{list}?{query}") }
}
