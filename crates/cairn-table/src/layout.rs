//! A table's first line: which column stands where.

use crate::column::Column;
use crate::foreign::NoTable;
use crate::line::{is_blank, shown};

/// Where each column stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// By the order of [`Column::ALL`].
    places: Vec<Option<usize>>,
    /// Places of the columns without a name that stand before the last one with a name.
    pub nameless: Vec<usize>,
    /// Fields of a row; what stands behind must be empty.
    pub width: usize,
}

impl Layout {
    /// Reads the fields of a table's first line.
    ///
    /// # Errors
    /// A column that is unknown, named twice or missing; a line that names nothing at all.
    pub fn of<C: Column>(names: &[&[u8]]) -> Result<Self, NoTable> {
        let mut places = vec![None; C::ALL.len()];
        let mut unknown = Vec::new();
        let mut nameless = Vec::new();
        for (at, name) in names.iter().enumerate() {
            if is_blank(name) {
                nameless.push(at);
                continue;
            }
            match position::<C>(name).and_then(|column| places.get_mut(column)) {
                Some(place @ None) => *place = Some(at),
                Some(Some(_)) => return Err(NoTable::Twice { name: shown(name) }),
                None => unknown.push(shown(name)),
            }
        }
        if places.iter().all(Option::is_none) {
            return Err(NoTable::NoHeader {
                line: unknown.into_iter().next().unwrap_or_default(),
            });
        }
        if !unknown.is_empty() {
            return Err(NoTable::Unknown { names: unknown });
        }
        let needed = C::ALL
            .iter()
            .zip(&places)
            .filter(|(column, _)| column.needed());
        let missing: Vec<_> = needed
            .filter(|(_, place)| place.is_none())
            .map(|(column, _)| column.name())
            .collect();
        if !missing.is_empty() {
            return Err(NoTable::Missing { columns: missing });
        }
        let width = places
            .iter()
            .flatten()
            .max()
            .map_or(0, |last| last.saturating_add(1));
        nameless.retain(|at| *at < width);
        Ok(Self {
            places,
            nameless,
            width,
        })
    }

    pub fn place<C: Column>(&self, column: C) -> Option<usize> {
        let at = C::ALL.iter().position(|one| *one == column)?;
        self.places.get(at).copied().flatten()
    }
}

/// Which of the columns `name` names, in any case and with blanks or hyphens between its words.
fn position<C: Column>(name: &[u8]) -> Option<usize> {
    let plain: Vec<u8> = name
        .iter()
        .map(|byte| match byte {
            b' ' | b'-' => b'_',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    C::ALL.iter().position(|column| {
        column.name().as_bytes() == plain
            || column.also().iter().any(|other| other.as_bytes() == plain)
    })
}

/// Whether every word of `name` names a column: then something else than commas stands between them.
pub(crate) fn names_several<C: Column>(name: &[u8]) -> bool {
    let mut words = name
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    words.clone().count() > 1 && words.all(|word| position::<C>(word).is_some())
}
