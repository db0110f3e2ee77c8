//! Countries as devices tell them, and whether a place can be in one.

use super::place::Place;

/// A line a country: its code, then places in it.
const COUNTRIES: &str = include_str!("countries.txt");
/// No place of a country is further than this many degrees from the nearest of those listed for it: the widest gaps, in
/// India and Norway, are some 20.
const REACH_E7: u32 = 250_000_000;

/// Codes that people write for another.
const MISTAKEN: [(&str, &str); 3] = [("UK", "GB"), ("EL", "GR"), ("EN", "GB")];

/// Reads a country: two letters.
///
/// # Errors
/// A sentence for what is none.
pub fn country(text: &str) -> Result<[u8; 2], String> {
    let wanted = || format!("\"{text}\" is no country: two letters, like US (ISO 3166-1)");
    let code = text.to_ascii_uppercase();
    let [first, second] = code.as_bytes().try_into().map_err(|_| wanted())?;
    if !(first.is_ascii_uppercase() && second.is_ascii_uppercase()) {
        return Err(wanted());
    }
    if places(&code).is_some() {
        return Ok([first, second]);
    }
    let meant = MISTAKEN.iter().find(|(wrong, _)| *wrong == code);
    Err(match meant {
        Some((_, right)) => format!("no country has the code {code} in ISO 3166-1; write {right}"),
        None => format!("no country has the code {code} in ISO 3166-1"),
    })
}

/// Whether a place is so far from a country that one of the two is wrong. Never for a country of which no place is listed.
#[must_use]
pub fn is_far(country: [u8; 2], place: Place) -> bool {
    let listed = std::str::from_utf8(&country).ok().and_then(places);
    let mut listed = listed.into_iter().flatten().peekable();
    listed.peek().is_some() && listed.all(|one| place.degrees_apart_e7(one) > REACH_E7)
}

/// Places of the country with this code; `None` for no country.
fn places(code: &str) -> Option<impl Iterator<Item = Place>> {
    let mut words = COUNTRIES
        .lines()
        .map(str::split_ascii_whitespace)
        .find_map(|mut words| (words.next() == Some(code)).then_some(words))?
        .filter_map(|word| word.split_once(','));
    Some(
        std::iter::from_fn(move || words.next()).filter_map(|(north, east)| {
            let e7 = |degrees: &str| degrees.parse::<i32>().ok()?.checked_mul(10_000_000);
            Some(Place {
                lat_e7: e7(north)?,
                lon_e7: e7(east)?,
            })
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(north: i32, east: i32) -> Place {
        Place {
            lat_e7: north * 10_000_000,
            lon_e7: east * 10_000_000,
        }
    }

    #[test]
    fn the_list_holds_249_countries_and_kosovo_once_each_with_places_on_earth() {
        let codes: Vec<&str> = COUNTRIES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.get(..2).unwrap())
            .collect();
        assert_eq!(codes.len(), 250);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        for line in COUNTRIES.lines().filter(|line| !line.starts_with('#')) {
            let (code, rest) = line.split_at(2);
            let read: Vec<Place> = places(code).unwrap().collect();
            assert_eq!(read.len(), rest.split_ascii_whitespace().count(), "{line}");
            assert!(read.iter().all(|place| place.is_on_earth()), "{line}");
        }
    }

    #[test]
    fn a_code_that_no_country_has_is_refused_with_the_one_that_was_meant() {
        assert_eq!(country("us"), Ok(*b"US"));
        assert_eq!(country("XK"), Ok(*b"XK"));
        for (text, told) in [
            ("ZZ", "no country has the code ZZ in ISO 3166-1"),
            ("uk", "no country has the code UK in ISO 3166-1; write GB"),
            (
                "USA",
                "\"USA\" is no country: two letters, like US (ISO 3166-1)",
            ),
            (
                "Ü",
                "\"Ü\" is no country: two letters, like US (ISO 3166-1)",
            ),
            (
                "U1",
                "\"U1\" is no country: two letters, like US (ISO 3166-1)",
            ),
            (
                "##",
                "\"##\" is no country: two letters, like US (ISO 3166-1)",
            ),
        ] {
            assert_eq!(country(text), Err(told.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_place_whose_sign_was_lost_or_whose_halves_were_swapped_is_far_from_its_country() {
        assert!(!is_far(*b"US", at(40, -74)));
        assert!(is_far(*b"US", at(40, 74)));
        assert!(is_far(*b"US", at(-74, 40)));
        // Islands on both sides of the date line, corners of wide countries, and a country without a listed place.
        assert!(!is_far(*b"US", at(53, 173)));
        assert!(!is_far(*b"IN", at(8, 77)));
        assert!(!is_far(*b"NO", at(71, 31)));
        assert!(!is_far(*b"RU", at(66, -170)));
        assert!(!is_far(*b"FJ", at(-17, -180)));
        assert!(!is_far(*b"BV", at(40, 40)));
    }
}
