//! A committed epoch: its manifest must come out the same, byte for byte, on every machine and with every change that
//! does not mean to change what people are paid. `CAIRN_BLESS=1` writes it anew; read the difference before committing.

mod world;

use std::path::PathBuf;

use cairn_epoch::EpochFolder;
use cairn_proof::{Body, Role};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, north_of};

/// Three weeks in which everything happens once.
fn weeks() -> Vec<Vec<u8>> {
    let mut world = World::new();
    for at in 0..8_i32 {
        let device = world.device(
            &format!("d{at}"),
            &format!("o{}", at % 3),
            north_of(NEW_YORK, at * 120),
        );
        (device.model, device.issuer) = (1 + u32::try_from(at % 2).unwrap(), [1; 32]);
    }
    world.device("ord", "dan", CHICAGO).hardware = [5; 32];
    world.device("copy", "mallory", TOKYO).hardware = [5; 32];
    world.stream(1, "partner", 24, 100);
    let mut manifests = Vec::new();
    for week in 0..3 {
        let start = world.epoch.period_start_ms;
        for at in 0..48_i64 {
            let (user, device) = (format!("u{}", at % 5), format!("d{}", at % 8));
            world.heartbeat(&device, start + at * HOUR + MINUTE);
            let proof = world.check_in(&user, &device, start + at * HOUR + 7 * MINUTE);
            world.submit(&proof, &[(Role::User, &user), (Role::Device, &device)]);
            let reading = 1 + u64::try_from(at).unwrap() + 100 * week;
            let mut proof = world.metric("partner", "ord", 1, start + at * HOUR, reading);
            if let Body::PartnerMetric(metric) = &mut proof.body {
                metric.quality_permille = 900;
            }
            world.submit(&proof, &[(Role::Partner, "partner"), (Role::Device, "ord")]);
        }
        world.heartbeat("copy", start + HOUR);
        world.visit("u1", "ord", start + 20 * HOUR);
        world.visit("u1", "copy", start + 21 * HOUR);
        world.hand_in(b"rubbish", start);
        let closed = world.close();
        manifests.push(std::fs::read(EpochFolder::new(world.dir()).manifest()).unwrap());
        world.next_epoch(&closed);
    }
    assert_eq!(world.epoch.period_start_ms, START + 3 * 168 * HOUR);
    manifests
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no command line to be told on that the files are to be written"
)]
fn three_weeks_come_out_as_committed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/epochs");
    let bless = std::env::var_os("CAIRN_BLESS").is_some();
    for (at, manifest) in weeks().into_iter().enumerate() {
        let path = folder.join(format!("golden-{:05}.manifest.json", at + 1));
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &manifest).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(
            committed == manifest,
            "{} differs; if what people are paid was meant to change, run: CAIRN_BLESS=1 cargo test -p cairn-epoch --test golden",
            path.display()
        );
    }
}
