//! What each version permits.

use std::collections::BTreeSet;

use crate::{matrix::Matrix, versions::Version};

/// The uses that a version lists, or the whole matrix.
pub fn of(id: &str, listed: Option<Vec<String>>, whole: Option<&Matrix>) -> Result<Vec<[String; 4]>, Vec<String>> {
    let mut uses: Vec<_> = match (listed, whole) {
        (Some(lines), _) => lines.iter().map(|line| split(id, line)).collect::<Result<_, _>>()?,
        (None, Some(matrix)) => matrix.uses(),
        (None, None) => {
            return Err(vec![format!(
                "versions/{id}: only the newest version may leave out `uses`; people have agreed to this one as it was"
            )]);
        }
    };
    uses.sort();
    Ok(uses)
}

fn split(id: &str, line: &str) -> Result<[String; 4], Vec<String>> {
    let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
    words.try_into().map_err(|_| vec![format!("versions/{id}: `{line}` is not `purpose field recipient retention`")])
}

/// A row that no version has could never be opened; a use of what is not declared would say nothing to its reader.
pub fn mistakes(versions: &[Version], matrix: &Matrix) -> Vec<String> {
    let listed: BTreeSet<_> = versions.iter().flat_map(|version| &version.uses).collect();
    let lost = matrix.uses().into_iter().filter(|one| !listed.contains(one));
    let lost = lost.map(|one| format!("matrix.toml: no version permits `{}`; write a new one", one.join(" ")));
    let unknown = versions.iter().flat_map(|version| {
        let strange = version.uses.iter().filter(|one| !matrix.declares(one));
        strange
            .map(|one| format!("versions/{}: `{}` names what the matrix does not declare", version.id, one.join(" ")))
    });
    lost.chain(unknown).collect()
}
