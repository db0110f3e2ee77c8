//! Any folder with the four data sets is an input, whatever its files are called; anything else is refused in words.

use std::{fs, path::Path};

use cairn_demo::input::{Input, InputError};
use tempfile::TempDir;

const HOTSPOTS: &str = "\
OBJECTID,Provider,Borough Name,SSID,Latitude,Longitude
1,SPECTRUM,Queens,GuestWiFi,40.67486,-73.78412
";
const AIRPORTS: &str = "\
faa,name,lat,lon,tzone
JFK,Kennedy,40.6397511,-73.7789256,America/New_York
BOS,Logan,42.3643475,-71.0051797,America/New_York
";
const FLIGHT_COLUMNS: &str = "year,month,day,dep_time,arr_time,carrier,flight,tailnum,origin,dest,air_time,distance,time_hour\n";
const WEATHER_COLUMNS: &str = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour\n";

fn flight(year: u16, month: u8) -> String {
    format!("{year},{month},3,900,1000,B6,17,N1,JFK,BOS,40,187,{year}-{month:02}-03T14:00:00Z\n")
}

fn hour(year: u16, month: u8) -> String {
    format!(
        "JFK,{year},{month},3,9,39.02,26.06,59.37,270,10.3,NA,0,1012,10,{year}-{month:02}-03T14:00:00Z\n"
    )
}

fn flights(months: &[(u16, u8)]) -> String {
    let rows: String = months
        .iter()
        .map(|(year, month)| flight(*year, *month))
        .collect();
    format!("{FLIGHT_COLUMNS}{rows}")
}

fn weather(months: &[(u16, u8)]) -> String {
    let rows: String = months
        .iter()
        .map(|(year, month)| hour(*year, *month))
        .collect();
    format!("{WEATHER_COLUMNS}{rows}")
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

/// Hotspots and airports, and these besides.
fn with(files: &[(&str, String)]) -> TempDir {
    let mut all = vec![
        ("points.CSV", HOTSPOTS.to_owned()),
        ("places.csv", AIRPORTS.to_owned()),
    ];
    all.extend_from_slice(files);
    folder(&all)
}

fn refused(folder: &TempDir) -> InputError {
    Input::read(folder.path(), None).expect_err("refused")
}

#[test]
fn files_of_any_month_are_told_by_their_first_lines() {
    let folder = with(&[
        ("departures in June.csv", flights(&[(2014, 6)])),
        ("klima.csv", weather(&[(2014, 6)])),
        ("notes.csv", "who,what\nme,a note\n".to_owned()),
        ("flights.csv.gz", "not unpacked".to_owned()),
    ]);
    let input = Input::read(folder.path(), None).expect("read");
    assert_eq!(input.month.to_string(), "2014-06");
    assert_eq!(
        input.found,
        [
            "hotspots: 1 rows of points.CSV",
            "airports: 2 rows of places.csv",
            "flights: 1 rows of departures in June.csv, 2014-06",
            "weather: 1 rows of klima.csv, 2014-06",
        ]
    );
}

#[test]
fn the_own_january_of_this_repository_is_read_as_before() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/data");
    let input = Input::read(&data, None).expect("read");
    assert_eq!(input.month.to_string(), "2013-01");
    assert_eq!(
        (
            input.hotspots.len(),
            input.airports.len(),
            input.flights.len(),
            input.weather.len()
        ),
        (3_319, 1_458, 27_004, 2_226)
    );
}

#[test]
fn a_missing_data_set_is_named_beside_what_was_found() {
    let folder = with(&[
        ("klima.csv", weather(&[(2013, 2)])),
        ("flights.csv.gz", String::new()),
    ]);
    let error = refused(&folder);
    assert!(matches!(&error, InputError::Missing { missing, .. } if missing == "flights"));
    let text = error.to_string();
    for name in ["klima.csv", "points.CSV", "places.csv", "flights.csv.gz"] {
        assert!(text.contains(name), "{text}");
    }
    let empty = folder_of_nothing();
    assert!(matches!(refused(&empty), InputError::Missing { .. }));
}

fn folder_of_nothing() -> TempDir {
    folder(&[])
}

#[test]
fn a_folder_that_is_none_is_refused_by_its_name() {
    let error = Input::read(Path::new("/no/such/folder"), None).expect_err("refused");
    assert!(matches!(error, InputError::Folder { .. }));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let error = Input::read(&file, None).expect_err("refused");
    assert!(matches!(error, InputError::Folder { .. }));
}

#[test]
fn a_header_that_lacks_a_column_is_refused_by_that_column() {
    let text = flights(&[(2013, 2)]).replace("tailnum", "tail");
    let folder = with(&[("f.csv", text), ("w.csv", weather(&[(2013, 2)]))]);
    let error = refused(&folder);
    assert!(
        matches!(&error, InputError::Header { set: "flights", missing, .. } if missing == "tailnum"),
        "{error}"
    );
}

#[test]
fn commas_that_are_semicolons_are_no_data_set() {
    let text = flights(&[(2013, 2)]).replace(',', ";");
    let folder = with(&[("f.csv", text), ("w.csv", weather(&[(2013, 2)]))]);
    let error = refused(&folder);
    assert!(matches!(&error, InputError::Missing { missing, .. } if missing == "flights"));
    assert!(error.hint().contains("commas"), "{}", error.hint());
}

#[test]
fn two_months_in_one_folder_need_a_choice() {
    let files = [
        ("flights_2013-01.csv", flights(&[(2013, 1)])),
        ("flights_2013-02.csv", flights(&[(2013, 2)])),
        ("weather.csv", weather(&[(2013, 1), (2013, 2)])),
    ];
    let folder = with(&files);
    let error = refused(&folder);
    assert!(
        matches!(&error, InputError::SeveralMonths { .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("2013-02 in flights_2013-02.csv"),
        "{error}"
    );
    let month = "2013-02".parse().expect("a month");
    let input = Input::read(folder.path(), Some(month)).expect("read");
    assert_eq!((input.flights.len(), input.weather.len()), (1, 1));
    assert!(
        input.flights[0]
            .scheduled_hour
            .to_string()
            .starts_with("2013-02")
    );
    assert!(input.weather[0].hour.to_string().starts_with("2013-02"));
}

#[test]
fn a_year_in_one_file_is_several_months_too() {
    let year: Vec<(u16, u8)> = (1..=12).map(|month| (2013, month)).collect();
    let folder = with(&[
        ("flights.csv", flights(&year)),
        ("weather.csv", weather(&year)),
    ]);
    assert!(matches!(refused(&folder), InputError::SeveralMonths { .. }));
    let input = Input::read(folder.path(), "2013-12".parse().ok()).expect("read");
    assert_eq!((input.flights.len(), input.weather.len()), (1, 1));
}

#[test]
fn the_same_month_in_two_files_would_fly_twice() {
    let folder = with(&[
        ("a.csv", flights(&[(2013, 1)])),
        ("a (copy).csv", flights(&[(2013, 1)])),
        ("w.csv", weather(&[(2013, 1)])),
    ]);
    assert!(matches!(
        refused(&folder),
        InputError::TwoFiles { set: "flights", .. }
    ));
}

#[test]
fn weather_of_another_year_is_not_taken_for_this_one() {
    let folder = with(&[
        ("f.csv", flights(&[(2014, 1)])),
        ("w.csv", weather(&[(2013, 1)])),
    ]);
    let error = refused(&folder);
    assert!(
        matches!(&error, InputError::OtherMonth { set: "weather", month, months } if month.to_string() == "2014-01" && months == "2013-01"),
        "{error}"
    );
    let error = Input::read(folder.path(), "2012-01".parse().ok()).expect_err("refused");
    assert!(
        matches!(error, InputError::OtherMonth { set: "flights", .. }),
        "{error}"
    );
}

#[test]
fn two_lists_of_hotspots_are_one_too_many() {
    let folder = with(&[
        ("f.csv", flights(&[(2013, 1)])),
        ("w.csv", weather(&[(2013, 1)])),
        ("more points.csv", HOTSPOTS.to_owned()),
    ]);
    assert!(matches!(
        refused(&folder),
        InputError::SeveralFiles {
            set: "hotspots",
            ..
        }
    ));
}

#[test]
fn files_without_rows_are_refused_by_name() {
    let folder = with(&[
        ("f.csv", FLIGHT_COLUMNS.to_owned()),
        ("w.csv", weather(&[(2013, 1)])),
    ]);
    assert!(matches!(refused(&folder), InputError::Empty { .. }));
}
