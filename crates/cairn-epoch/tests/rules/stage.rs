//! Plays a case: its network, its proofs, the real pipeline, and what became of each proof.

use std::collections::BTreeMap;

use cairn_epoch::{
    Decision, EpochFolder, Explanation, Query, WrittenRules, describe, read_decisions, visit_draw,
    why,
};
use cairn_proof::{Kind, Role};

use crate::called;
use crate::case::{Case, CaseFile, DeviceRow, ProofRow};
use crate::value::Around;
use crate::world::{
    CHICAGO, HOUR, MINUTE, NEW_YORK, TOKYO, World, cell_of, cross_in_one_cell, key, north_of,
};

/// A case that was played.
pub struct Played {
    /// Of each proof of each epoch, in the order of the file; of one that stands for many, the last one's.
    pub epochs: Vec<Vec<(Decision, Explanation)>>,
    /// Every decision of every epoch.
    all: Vec<Decision>,
    pub world: World,
}

/// Who is a member in every case, and the task that makes them one.
pub const SOMEBODY: &str = "somebody";
const SOMEBODYS: u32 = 4_000_000_000;

pub fn place(name: &str) -> (i32, i32) {
    match name {
        "new york" => NEW_YORK,
        "chicago" => CHICAGO,
        "tokyo" => TOKYO,
        "one cell" => cross_in_one_cell()[0],
        other => panic!("{other} is no place that cases know"),
    }
}

fn east_of(place: (i32, i32), metres: i32) -> (i32, i32) {
    // Of New York's latitude: 84,300 m a degree.
    let e7 = i64::from(metres) * 10_000_000 / 84_300;
    (place.0, place.1 + i32::try_from(e7).expect("a short way"))
}

/// Every case as it stands, by its kind, in the order of its file.
pub type Plays = BTreeMap<Kind, Vec<Played>>;

/// Plays every case once, on as many threads as there are processors: epochs of a few proofs are all planning, which has one thread.
pub fn play_all(files: &BTreeMap<Kind, CaseFile>) -> Plays {
    let cases: Vec<(&CaseFile, &Case)> = files
        .values()
        .flat_map(|file| file.case.iter().map(move |case| (file, case)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut played: Vec<(usize, Played)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                let own = cases.iter().enumerate().skip(first).step_by(threads);
                scope.spawn(move || -> Vec<(usize, Played)> {
                    own.map(|(at, (file, case))| (at, play(files, file, case, &[])))
                        .collect()
                })
            })
            .collect();
        let done = workers.into_iter().flat_map(|worker| match worker.join() {
            Ok(played) => played,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    });
    played.sort_unstable_by_key(|(at, _)| *at);
    let mut plays = Plays::new();
    for (at, played) in played {
        plays.entry(cases[at].0.kind).or_default().push(played);
    }
    plays
}

/// Plays `case` of `file`; the ruleset has `numbers` otherwise.
pub fn play(
    files: &BTreeMap<Kind, CaseFile>,
    file: &CaseFile,
    case: &Case,
    numbers: &[(&str, i64)],
) -> Played {
    let mut world = World::new();
    let with = case
        .with
        .iter()
        .map(|(name, value)| (name.as_str(), *value));
    for (name, value) in with.chain(numbers.iter().copied()) {
        let (table, key) = split(name);
        world.numbers.push((table, key, value));
    }
    world.terms.calendar.epoch_hours = case.epoch_hours;
    for row in &case.stream {
        let (ceiling, rate) = (row.daily_ceiling, row.rate_milli_points);
        world
            .stream(row.id, &row.partner, ceiling, rate)
            .second_source_permille = row.second_source_permille;
    }
    for row in &case.task {
        world.task(row.id, &row.carrier, row.credits, row.credits_per_epoch);
    }
    for row in &case.payer {
        let payer = world.payer(row.id, &row.carrier, row.tokens_per_unit);
        if let Some(wallet) = &row.wallet {
            payer.wallet = key(wallet);
        }
    }
    case.attestors.iter().for_each(|name| world.attestor(name));
    case.operators.iter().for_each(|name| world.operator(name));
    // Somebody who is granted credits whatever the rules say of others: without a member no epoch closes.
    world.task(SOMEBODYS, SOMEBODY, 1, 1);
    let at_ms = world.start() + MINUTE;
    world.complete(SOMEBODY, SOMEBODYS, SOMEBODY, SOMEBODY, at_ms);
    world.show(SOMEBODY, at_ms);
    let mut aliases = BTreeMap::new();
    let (mut epochs, mut all) = (Vec::new(), Vec::new());
    for (at, proofs) in (1..).zip(&case.proofs) {
        for row in &case.device {
            if row.since == at {
                register(&mut world, row, case, &mut aliases);
            }
            if row.moved_in == Some(at) {
                let known = world.devices.iter_mut().find(|it| it.key == key(&row.name));
                let moved = north_of(place(&row.at), row.moved_north_m);
                known.expect("a device that moves").location = crate::world::place_location(moved);
            }
        }
        for row in case.burn.iter().filter(|row| row.epoch == at) {
            world.burn(row.payer, row.tokens, world.start());
        }
        let ids: Vec<[u8; 32]> = proofs
            .iter()
            .map(|row| hand_in(&mut world, files, file, case, row, &aliases))
            .collect();
        let closed = world.close();
        let decisions = read_decisions(&world.dir()).expect("the decisions");
        all.extend(decisions.iter().copied());
        epochs.push(
            ids.iter()
                .map(|id| {
                    let found = decisions.iter().find(|it| it.proof_id == *id);
                    let told = why(&world.dir(), Query::Proof(*id)).expect("a proof");
                    let told = told.into_iter().next().expect("one answer");
                    (*found.expect("a decision"), told)
                })
                .collect(),
        );
        if at < case.proofs.len() {
            world.next_epoch(&closed);
        }
    }
    Played { epochs, all, world }
}

/// Table and key of a number that rules call so.
fn split(name: &str) -> (String, String) {
    let shipped = WrittenRules::shipped().expect("the rules that ship");
    let described = describe(shipped.ruleset()).expect("a description");
    let tables = described.tables.iter();
    let found = tables
        .filter_map(|table| {
            Some((
                table,
                name.strip_prefix(table.name.as_str())?.strip_prefix('_')?,
            ))
        })
        .find(|(table, key)| table.numbers.iter().any(|it| it.key == *key));
    let (table, key) = found.unwrap_or_else(|| panic!("{name} is no number"));
    (table.name.clone(), key.to_owned())
}

fn numbered(text: &str, i: i32) -> String {
    text.replace("{i}", &i.to_string())
}

fn register(
    world: &mut World,
    row: &DeviceRow,
    case: &Case,
    aliases: &mut BTreeMap<String, String>,
) {
    for i in 1..=row.times {
        let name = numbered(&row.name, i);
        let stands = place(&row.at);
        let stands = north_of(stands, row.north_m + (i - 1) * row.step_m);
        let stands = east_of(stands, row.east_m);
        let real = drawn(world, row, case, &name);
        let device = world.device(&real, &numbered(&row.owner, i), stands);
        (device.model, device.class) = (row.model, row.class);
        device.hardware = [row.hardware; 32];
        if row.endorsed {
            device.issuer = [1; 32];
        }
        if row.nowhere {
            (device.location_kind, device.location) = (0, [0; 32]);
        }
        aliases.insert(name, real);
    }
}

/// A name whose key the draw of the case's last epoch sends the validator to, or does not.
fn drawn(world: &World, row: &DeviceRow, case: &Case, name: &str) -> String {
    let (validator, wanted) = match (&row.sent, &row.not_sent) {
        (Some(validator), _) => (validator, true),
        (None, Some(validator)) => (validator, false),
        (None, None) => return name.to_owned(),
    };
    let hours = i64::from(case.epoch_hours);
    let epochs = i64::try_from(case.proofs.len()).expect("few epochs");
    let start = crate::world::START + (epochs - 1) * hours * HOUR;
    let block = World::last_block_before(start);
    (0..100_000)
        .map(|at| {
            if at == 0 {
                name.to_owned()
            } else {
                format!("{name} {at}")
            }
        })
        .find(|name| {
            let draw = visit_draw(&block, &key(validator), &key(name));
            // Far from the bound, so that a change of it by one decides nothing here.
            let is_free = !world.devices.iter().any(|it| it.key == key(name));
            let is_wanted = match row.draw {
                Some(exactly) => draw == exactly,
                None if wanted => draw < 90,
                None => draw > 110,
            };
            is_free && is_wanted
        })
        .expect("one of many names")
}

/// Where the access point stands that is called so, if the case has it.
fn point_at(case: &Case, name: &str) -> Option<(i32, i32)> {
    let mut points = case.point.iter();
    let found = points.find(|row| (1..=row.times).any(|i| numbered(&row.name, i) == name));
    found.map(|row| north_of(place(&row.at), row.north_m))
}

fn hand_in(
    world: &mut World,
    files: &BTreeMap<Kind, CaseFile>,
    file: &CaseFile,
    case: &Case,
    row: &ProofRow,
    aliases: &BTreeMap<String, String>,
) -> [u8; 32] {
    let kind = row.kind.unwrap_or(file.kind);
    let flawless = &files.get(&kind).expect("a file of that kind").flawless;
    let mut last = [0; 32];
    for i in 1..=row.times {
        let later = i64::from(i - 1);
        let hour = row.hour + later * row.step_hours;
        let at_ms = world.start() + hour * HOUR + (row.minute + later * row.step_minutes) * MINUTE;
        let subject = numbered(row.subject.as_ref().unwrap_or(&flawless.subject), i);
        let point = point_at(case, &subject);
        let around = Around {
            at_ms,
            place: world
                .devices
                .iter()
                .find(|it| it.key == key(aliases.get(&subject).unwrap_or(&subject)))
                .and_then(cairn_epoch::Device::place)
                .or(point)
                .unwrap_or(NEW_YORK),
            aliases,
        };
        let filled = |text: &str| numbered(text, i).replace("{subject}", &subject);
        let signers: Vec<(Role, String)> = row
            .signers
            .as_ref()
            .unwrap_or(&flawless.signers)
            .iter()
            .flat_map(|(role, names)| {
                let names = filled(names);
                let names = names.split(", ").map(|name| around.name(name).to_owned());
                names.map(|name| (*role, name)).collect::<Vec<_>>()
            })
            .collect();
        let user = signers.iter().find(|(role, _)| *role == Role::User);
        let user = user.map_or("", |(_, name)| name);
        let mut values = flawless.body.clone();
        values.extend(row.body.clone());
        let text = filled(&toml::to_string(&values).expect("a table")).replace("{user}", user);
        let values: toml::Table = toml::from_str(&text).expect("the same table");
        let json = serde_json::json!({ kind.name(): around.json(&values) });
        let body = serde_json::from_value(json)
            .unwrap_or_else(|error| panic!("{} {}: {error}", called(file), kind.name()));
        let subject = around.name(&subject).to_owned();
        world.anchor_around(at_ms);
        let mut proof = world.proof(&subject, at_ms, body);
        match (row.cell_of.as_deref(), point) {
            (Some("none"), _) => proof.cell = 0,
            (Some(name), _) => proof.cell = cell_of(place(name)),
            (None, Some(point)) => proof.cell = cell_of(point),
            (None, None) => {}
        }
        let signers: Vec<(Role, &str)> = signers
            .iter()
            .map(|(role, name)| (*role, name.as_str()))
            .collect();
        last = world.submit(&proof, &signers);
    }
    last
}

impl Played {
    /// What was decided about every proof, in numbers: reason, points, the other's, credits, found and bound.
    pub fn decided(&self) -> Vec<[Option<i64>; 6]> {
        let told = |it: &Decision| {
            let also = it.also.map_or(0, |also| also.milli_points.get());
            let paid = [it.milli_points.get(), also, it.credits.get()];
            let [points, also, credits] = paid.map(|it| Some(it.cast_signed()));
            let reason = Some(i64::from(it.reason.code()));
            [reason, points, also, credits, it.found, it.bound]
        };
        self.all.iter().map(told).collect()
    }

    /// Every expectation that was not met, in words.
    pub fn unlike(&self, file: &CaseFile, case: &Case) -> Vec<String> {
        let mut wrong = Vec::new();
        for (epoch, (rows, decided)) in (1..).zip(case.proofs.iter().zip(&self.epochs)) {
            for (at, (row, (decision, _))) in (1..).zip(rows.iter().zip(decided)) {
                let Some(reason) = &row.expect else { continue };
                let also = decision.also.map_or(0, |also| also.milli_points.get());
                let is_met = decision.reason.name() == reason
                    && row
                        .milli_points
                        .is_none_or(|it| it == decision.milli_points.get())
                    && row.also_milli_points.is_none_or(|it| it == also)
                    && row.credits.is_none_or(|it| it == decision.credits.get())
                    && row.found.is_none_or(|it| Some(it) == decision.found)
                    && row.bound.is_none_or(|it| Some(it) == decision.bound);
                if !is_met {
                    wrong.push(format!(
                        "{}: {}: proof {at} of epoch {epoch}: {} ({} milli-points, also {also}, credits {}, found {:?}, bound {:?}), where {row:?} is said",
                        called(file),
                        case.name,
                        decision.reason.name(),
                        decision.milli_points.get(),
                        decision.credits.get(),
                        decision.found,
                        decision.bound,
                    ));
                }
            }
        }
        wrong
    }

    /// The last epoch's folder.
    pub fn folder(&self) -> EpochFolder {
        EpochFolder::new(self.world.dir())
    }
}
