//! H3 cells. Only for drawing and finding: what a proof's cell is worth, the rules decide.

use h3o::{CellIndex, LatLng, Resolution};

use crate::Fault;
use crate::question::Question;

/// cell u64. Its corners in order: latitude f64, longitude f64 each, in degrees.
///
/// # Errors
/// It is no cell.
pub fn boundary(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let cell = cell(&mut question)?;
    question.over()?;
    let corners = cell.boundary();
    Ok(corners
        .iter()
        .flat_map(|corner| [corner.lat(), corner.lng()])
        .flat_map(f64::to_le_bytes)
        .collect())
}

/// latitude i32, longitude i32 (degrees × 10^7), resolution u8. The cell around it: u64.
///
/// # Errors
/// A place that is not on Earth; a resolution above 15.
pub fn around(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let (lat_e7, lon_e7) = (question.i32()?, question.i32()?);
    let resolution = resolution(&mut question)?;
    question.over()?;
    if lat_e7.unsigned_abs() > 900_000_000 || lon_e7.unsigned_abs() > 1_800_000_000 {
        return Err(Fault::Cell);
    }
    let place = LatLng::new(f64::from(lat_e7) / 1e7, f64::from(lon_e7) / 1e7);
    let cell = place.map_err(|_| Fault::Cell)?.to_cell(resolution);
    Ok(u64::from(cell).to_le_bytes().to_vec())
}

/// cell u64, resolution u8. The cell of that resolution that holds it: u64.
///
/// # Errors
/// It is no cell, or of a coarser resolution.
pub fn parent(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let cell = cell(&mut question)?;
    let resolution = resolution(&mut question)?;
    question.over()?;
    let parent = cell.parent(resolution).ok_or(Fault::Cell)?;
    Ok(u64::from(parent).to_le_bytes().to_vec())
}

fn cell(question: &mut Question<'_>) -> Result<CellIndex, Fault> {
    CellIndex::try_from(question.u64()?).map_err(|_| Fault::Cell)
}

fn resolution(question: &mut Question<'_>) -> Result<Resolution, Fault> {
    Resolution::try_from(question.u8()?).map_err(|_| Fault::Cell)
}
