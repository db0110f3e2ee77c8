//! What spares readers the large tables: an epoch's summary, and the index of a folder of epochs.

mod world;

use cairn_epoch::{
    EpochFolder, Silent, Summary, closed_epochs, read_manifest, read_summary, recompute,
    write_index,
};
use cairn_merkle::{EpochNumber, MilliPoints};
use cairn_proof::Reason;
use world::{CHICAGO, HOUR, NEW_YORK, START, World, north_of};

const NOON: i64 = START + 12 * HOUR;

/// Five devices of two countries and three models, one of them banned; two proofs that count and some that do not.
fn mixed() -> World {
    let mut world = World::new();
    for at in 0..3_i32 {
        let device = world.device(
            &format!("d{at}"),
            &format!("o{}", at % 2),
            north_of(NEW_YORK, at * 3_000),
        );
        device.country = *b"US";
        device.model = 7;
    }
    let banned = world.device("banned", "mallory", CHICAGO);
    banned.status = cairn_epoch::DeviceStatus::Banned;
    banned.country = *b"CA";
    // What an import may hold and no registration.
    world.device("odd", "dan", north_of(CHICAGO, 9_000)).country = [1, b'X'];
    world.visit("bob", "d0", NOON);
    world.visit("carol", "d1", NOON);
    world.visit("eve", "banned", NOON);
    world.hand_in(b"rubbish", NOON);
    world
}

fn summary(world: &World) -> Summary {
    read_summary(EpochFolder::new(world.dir()).root()).unwrap()
}

#[test]
fn a_summary_counts_what_the_tables_hold() {
    let world = mixed();
    let closed = world.close();
    let summary = summary(&world);
    let devices = &summary.devices;
    assert_eq!(
        (
            devices.total,
            devices.active,
            devices.banned,
            devices.owners
        ),
        (5, 4, 1, 4)
    );
    let countries = devices.by_country.iter();
    let countries: Vec<_> = countries
        .map(|one| (one.country.as_str(), one.devices))
        .collect();
    assert_eq!(countries, [("", 1), ("CA", 1), ("US", 3)]);
    // The most first.
    assert_eq!(
        (devices.by_model[0].model, devices.by_model[0].devices),
        (7, 3)
    );
    let models: u64 = devices.by_model.iter().map(|one| one.devices).sum();
    let classes: u64 = devices.by_class.iter().map(|one| one.devices).sum();
    let ages: u64 = devices.by_age.iter().map(|one| one.devices).sum();
    assert_eq!((models + devices.other_models, classes, ages), (5, 5, 5));

    let members = summary.members;
    assert_eq!(members.total, u64::from(closed.leaf_count));
    assert_eq!((members.new, members.waiting), (members.total, 0));
    assert!(members.paid > 0 && members.paid <= members.total);

    let count: u64 = summary.proofs.iter().map(|row| row.count).sum();
    assert_eq!(count, closed.manifest.received);
    let points = MilliPoints::checked_sum(summary.proofs.iter().map(|row| row.milli_points));
    assert_eq!(points, Some(closed.manifest.totals.milli_points_epoch));
    for reason in Reason::ALL {
        let rows = summary.proofs.iter();
        let of_reason = rows.filter(|row| row.reason == reason.name());
        let count: u64 = of_reason.map(|row| row.count).sum();
        assert_eq!(count, closed.manifest.count(*reason), "{}", reason.name());
    }
    let unread: Vec<_> = summary
        .proofs
        .iter()
        .filter(|row| row.kind.is_none())
        .collect();
    assert_eq!((unread.len(), unread[0].count), (1, 1));
}

#[test]
fn of_models_that_people_made_up_the_most_frequent_are_told_apart() {
    let mut world = mixed();
    for at in 0..300_u32 {
        let place = north_of(CHICAGO, 20 * i32::try_from(at).unwrap());
        world.device(&format!("m{at}"), "dan", place).model = 1_000 + at;
    }
    world.close();
    let devices = summary(&world).devices;
    assert_eq!(devices.by_model.len(), 200);
    assert_eq!(devices.by_model[0].model, 7);
    assert!(devices.by_model.windows(2).all(|pair| {
        let key = |at: usize| (u64::MAX - pair[at].devices, pair[at].class, pair[at].model);
        key(0) < key(1)
    }));
    let shown: u64 = devices.by_model.iter().map(|one| one.devices).sum();
    assert_eq!(shown + devices.other_models, devices.total);
}

#[test]
fn a_second_epoch_tells_who_is_new() {
    let mut world = mixed();
    let first = world.close();
    world.next_epoch(&first);
    let start = world.start();
    world.device("young", "dan", north_of(CHICAGO, 30_000));
    world.visit("zoe", "d2", start + HOUR);
    let second = world.close();
    let summary = summary(&world);
    assert_eq!(
        summary.members.new,
        u64::from(second.leaf_count - first.leaf_count)
    );
    let ages = summary.devices.by_age.iter();
    let ages: Vec<_> = ages.map(|one| (one.since_hour, one.devices)).collect();
    assert_eq!(ages, [(START / HOUR, 5), (start / HOUR, 1)]);
}

#[test]
fn a_summary_that_says_something_else_is_named() {
    let world = mixed();
    world.close();
    let folder = EpochFolder::new(world.dir());
    let text = std::fs::read_to_string(folder.summary()).unwrap();
    std::fs::write(
        folder.summary(),
        text.replace("\"banned\": 1", "\"banned\": 0"),
    )
    .unwrap();
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    assert!(cairn_epoch::verify_files(folder.root(), &manifest).is_err());
    let scratch = world.data.path().join("scratch");
    let difference = recompute(folder.root(), &scratch, &Silent)
        .unwrap()
        .difference
        .unwrap();
    assert_eq!(
        (difference.file.as_str(), difference.field.as_str()),
        ("outputs/summary.json", "banned")
    );
    std::fs::write(folder.summary(), text.replace("summary/2", "summary/9")).unwrap();
    assert!(read_summary(folder.root()).is_err());
}

#[test]
fn an_index_names_what_is_closed_and_nothing_else() {
    let mut world = mixed();
    let epochs = world.data.path().join("epochs");
    let empty = write_index(&world.data.path().join("nowhere")).unwrap();
    assert!(empty.epochs.is_empty());
    let first = world.close();
    world.next_epoch(&first);
    // A second one whose manifest is not there yet, one under another number's name, and a folder that is none of ours.
    world.freeze();
    for name in ["00007", "7", "scratch"] {
        std::fs::create_dir_all(epochs.join(name)).unwrap();
        std::fs::copy(
            epochs.join("00001/manifest.json"),
            epochs.join(name).join("manifest.json"),
        )
        .unwrap();
    }
    let index = write_index(&epochs).unwrap();
    let numbers: Vec<_> = index.epochs.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [EpochNumber::FIRST]);
    assert_eq!(index.epochs[0].manifest, first.manifest_hash);
    assert_eq!(index.epochs[0].pool, world::POOL);
    assert_eq!(closed_epochs(&epochs).unwrap().len(), 2);
    let text = std::fs::read_to_string(epochs.join("index.json")).unwrap();
    assert!(text.contains("\"format\": \"cairn/epochs/1\""));
    assert!(text.contains(&hex::encode(first.manifest_hash)));

    let second = world.close();
    let index = write_index(&epochs).unwrap();
    assert_eq!(index.epochs.len(), 2);
    assert_eq!(index.epochs[1].manifest, second.manifest_hash);
}
