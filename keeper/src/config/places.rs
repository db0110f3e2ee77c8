use std::path::{Path, PathBuf};

use cairn_mirror::{Place, PlaceFault};

/// Reads where others publish, as a configuration or a person names it; relative folders begin in `base`.
pub(crate) fn places_at(places: &[PathBuf], base: &Path) -> Result<Vec<Place>, PlaceFault> {
    let places = places.iter().map(|path| match Place::read(path)? {
        Place::Folder(path) => Ok(Place::Folder(base.join(path))),
        site @ Place::Site(_) => Ok(site),
    });
    places.collect()
}
