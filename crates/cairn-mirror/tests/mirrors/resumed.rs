//! Lines that break: what came is kept, and nobody sends it twice.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use cairn_epoch::verify_files;
use cairn_mirror::{Fault, Wanted};

use crate::hostile::{Hostile, Manner, begin, head, honest};
use crate::published::{ONE, mirrors, published};

const FILE: &[&str] = &["inputs/ruleset.toml"];
/// Above what a mirror must send.
const CUT: usize = 300;

/// Breaks off after so many bytes of each answer.
const CUTS: Manner = |asked, bytes, stream| {
    let rest = begin(asked, bytes, stream)?;
    stream.write_all(&rest[..rest.len().min(CUT)])
};

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_breaks_off_all_the_time_still_gives_every_byte_once() {
    let published = published();
    let site = Hostile::serve(published.epochs(), FILE, CUTS);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, _) = mirrors(&[&site.url]);
    let wanted = Wanted::Files(FILE);
    let came = mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    let size = published.bytes(FILE[0]).len();
    assert_eq!(came.files, 2);
    let from: Vec<u64> = site
        .asked()
        .into_iter()
        .filter(|asked| asked.path.ends_with(FILE[0]))
        .map(|asked| asked.from.unwrap_or(0))
        .collect();
    let expected: Vec<u64> = (0..size).step_by(CUT).map(|at| at as u64).collect();
    assert_eq!(from, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_mirror_began_another_one_ends() {
    let published = published();
    let half: Manner = |asked, bytes, stream| match asked.before {
        0 => {
            let rest = begin(asked, bytes, stream)?;
            stream.write_all(&rest[..1_000])
        }
        _ => head(
            stream,
            "500 Internal Server Error",
            &[("content-length", "0")],
        ),
    };
    let first = Hostile::serve(published.epochs(), FILE, half);
    let second = Hostile::serve(published.epochs(), &[], honest);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, _) = mirrors(&[&first.url, &second.url]);
    let wanted = Wanted::Files(FILE);
    mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    let asked = second.asked();
    let ended = asked.iter().find(|asked| asked.path.ends_with(FILE[0]));
    assert_eq!(ended.map(|asked| asked.from), Some(Some(1_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_that_was_dropped_goes_on_where_it_was_and_a_spoilt_part_begins_anew() {
    let published = published();
    let hangs: Manner = |asked, bytes, stream| {
        let rest = begin(asked, bytes, stream)?;
        let taken = if asked.before == 0 { 2_000 } else { rest.len() };
        stream.write_all(&rest[..taken])?;
        if asked.before == 0 {
            std::thread::sleep(Duration::from_secs(20));
        }
        Ok(())
    };
    let site = Arc::new(Hostile::serve(published.epochs(), FILE, hangs));
    let to = tempfile::tempdir().unwrap();
    let part = to.path().join("parts").join({
        let bytes = published.bytes(FILE[0]);
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(bytes))
    });
    let wanted = Wanted::Files(FILE);
    {
        let (mirrors, _) = mirrors(&[&site.url]);
        let fetching = mirrors.fetch(ONE, published.hash, wanted, to.path());
        let there = async {
            while part.metadata().map_or(0, |about| about.len()) < 1_500 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            came = fetching => panic!("it hangs: {came:?}"),
            () = there => {}
        }
    }
    let begun = part.metadata().unwrap().len();
    let (again, _) = mirrors(&[&site.url]);
    again
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    assert_eq!(site.asked().last().unwrap().from, Some(begun));
    // A part whose bytes were lost in a power cut.
    let to = tempfile::tempdir().unwrap();
    let spoilt = to.path().join("parts").join(part.file_name().unwrap());
    std::fs::create_dir_all(to.path().join("parts")).unwrap();
    std::fs::write(&spoilt, vec![0; 1_000]).unwrap();
    let (mirrors, _) = mirrors(&[&site.url]);
    let came = mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    assert_eq!(came.files, 2);
    let from: Vec<_> = site
        .asked()
        .iter()
        .rev()
        .take(2)
        .map(|asked| asked.from)
        .collect();
    assert_eq!(from, [None, Some(1_000)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_without_ranges_is_asked_for_the_whole_once_no_other_is_left() {
    let published = published();
    let whole: Manner = |asked, bytes, stream| {
        let length = bytes.len().to_string();
        head(stream, "200 OK", &[("content-length", &length)])?;
        let taken = if asked.before == 0 {
            1_000
        } else {
            bytes.len()
        };
        stream.write_all(&bytes[..taken])
    };
    let site = Hostile::serve(published.epochs(), FILE, whole);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, ears) = mirrors(&[&site.url]);
    let wanted = Wanted::Files(FILE);
    let came = mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    assert_eq!(came.files, 2);
    let told: Vec<Fault> = ears.told().into_iter().map(|told| told.fault).collect();
    assert!(told.contains(&Fault::Whole { from: 1_000 }), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_is_another_one_is_not_taken() {
    let published = published();
    let wrong: Manner = |asked, bytes, stream| match asked.from {
        None => {
            let rest = begin(asked, bytes, stream)?;
            stream.write_all(&rest[..1_000])
        }
        Some(_) => {
            let rest = &bytes[500..];
            let range = format!("bytes 500-{}/{}", bytes.len() - 1, bytes.len());
            let length = rest.len().to_string();
            let headers = [
                ("content-range", range.as_str()),
                ("content-length", &length),
            ];
            head(stream, "206 Partial Content", &headers)?;
            stream.write_all(rest)
        }
    };
    let site = Hostile::serve(published.epochs(), FILE, wrong);
    let good = Hostile::serve(published.epochs(), &[], honest);
    let to = tempfile::tempdir().unwrap();
    let (alone, _) = mirrors(&[&site.url]);
    let wanted = Wanted::Files(FILE);
    let error = alone
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap_err();
    let said = matches!(&error.told()[0].fault, Fault::Range { from: 1_000, said } if said.starts_with("bytes 500-"));
    assert!(said, "{error}");
    let (both, _) = mirrors(&[&site.url, &good.url]);
    let came = both
        .fetch(ONE, published.hash, Wanted::Whole, to.path())
        .await
        .unwrap();
    verify_files(to.path(), &came.manifest).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_do_not_fit_together_are_thrown_away_and_one_mirror_gives_all() {
    let published = published();
    // Lies in its first half, then breaks off.
    let liar: Manner = |asked, bytes, stream| {
        let mut bytes = bytes.to_vec();
        bytes[10] ^= 1;
        let rest = begin(asked, &bytes, stream)?;
        stream.write_all(&rest[..1_000])
    };
    let first = Hostile::serve(published.epochs(), FILE, liar);
    let second = Hostile::serve(published.epochs(), &[], honest);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, _) = mirrors(&[&first.url, &second.url]);
    let wanted = Wanted::Files(FILE);
    mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    let from: Vec<_> = second
        .asked()
        .into_iter()
        .filter(|asked| asked.path.ends_with(FILE[0]))
        .map(|asked| asked.from)
        .collect();
    assert_eq!(from, [Some(1_000), None]);
}
