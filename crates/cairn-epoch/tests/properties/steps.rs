//! What may come in, and the network that it comes into.

use cairn_merkle::Tokens;
use cairn_proof::{Body, Role};
use proptest::prelude::*;

use crate::world::{CHICAGO, HOUR, MINUTE, NEW_YORK, World, key, north_of};

/// One proof among few users, devices and hours, so that they meet.
#[derive(Clone, Debug)]
pub enum Step {
    Visit {
        user: u8,
        device: u8,
        hour: i64,
        overlap: u16,
    },
    Beat {
        device: u8,
        hour: i64,
        away_m: i32,
    },
    Metric {
        device: u8,
        stream: u32,
        hour: i64,
        quantity: u64,
        counter: u64,
        sampled: bool,
    },
    Complete {
        task: u32,
        person: u8,
        to: u8,
        hour: i64,
    },
    Probe {
        validator: u8,
        device: u8,
        hour: i64,
        rtt_ms: u32,
    },
    Meet {
        validator: u8,
        device: u8,
        hour: i64,
    },
    Add {
        user: u8,
        point: u8,
        scan: u8,
        hour: i64,
    },
    Confirm {
        user: u8,
        point: u8,
        hour: i64,
    },
    Invite {
        inviter: u8,
        invitee: u8,
        hour: i64,
    },
    Carry {
        device: u8,
        payer: u32,
        subscriber: u8,
        hour: i64,
        bytes: u64,
    },
    Adjust {
        by: u8,
        adjusted: u8,
        to: u8,
        hour: i64,
        milli_points: u64,
    },
    Link {
        identity: u8,
        wallet: u8,
        hour: i64,
    },
    Rubbish(Vec<u8>),
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_u8, 0..6_u8, 0..160_i64, 0..1_000_u16)
            .prop_map(|(user, device, hour, overlap)| Step::Visit { user, device, hour, overlap }),
        4 => (0..6_u8, 0..160_i64, 0..500_i32)
            .prop_map(|(device, hour, away_m)| Step::Beat { device, hour, away_m }),
        3 => (0..6_u8, 0..3_u32, 0..160_i64, prop_oneof![0..20_u64, any::<u64>()], prop_oneof![0..50_u64, any::<u64>()], any::<bool>())
            .prop_map(|(device, stream, hour, quantity, counter, sampled)| Step::Metric { device, stream, hour, quantity, counter, sampled }),
        3 => (0..4_u32, 0..4_u8, 0..6_u8, 0..160_i64)
            .prop_map(|(task, person, to, hour)| Step::Complete { task, person, to: to * 3 / 2, hour }),
        3 => (0..3_u8, 0..6_u8, 0..160_i64, prop_oneof![0..130_u32, Just(60_000)])
            .prop_map(|(validator, device, hour, rtt_ms)| Step::Probe { validator, device, hour, rtt_ms }),
        3 => (0..3_u8, 0..6_u8, 0..160_i64)
            .prop_map(|(validator, device, hour)| Step::Meet { validator, device, hour }),
        3 => (0..6_u8, 0..6_u8, 0..3_u8, 0..160_i64)
            .prop_map(|(user, point, scan, hour)| Step::Add { user, point, scan, hour }),
        3 => (0..6_u8, 0..6_u8, 0..160_i64)
            .prop_map(|(user, point, hour)| Step::Confirm { user, point, hour }),
        2 => (0..6_u8, 0..6_u8, 0..160_i64)
            .prop_map(|(inviter, invitee, hour)| Step::Invite { inviter, invitee, hour }),
        3 => (0..6_u8, 1..4_u32, 0..4_u8, 0..160_i64, prop_oneof![1..9_000_000_u64, 1..=1_u64 << 40])
            .prop_map(|(device, payer, subscriber, hour, bytes)| Step::Carry { device, payer, subscriber, hour, bytes }),
        2 => (0..3_u8, 0..5_u8, 0..6_u8, 0..160_i64, prop_oneof![1..400_000_u64, 1..=1_u64 << 40])
            .prop_map(|(by, adjusted, to, hour, milli_points)| Step::Adjust { by, adjusted, to, hour, milli_points }),
        2 => (0..9_u8, 0..6_u8, 0..160_i64)
            .prop_map(|(identity, wallet, hour)| Step::Link { identity, wallet, hour }),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Step::Rubbish),
    ]
}

/// One of them owns devices.
const OPERATORS: [&str; 3] = ["ina", "omar", "u2"];

/// The network after `steps`.
pub fn build(steps: &[Step], emission: u64) -> World {
    let mut world = World::new();
    world.attestor("desk");
    world.terms.tokens_per_epoch = Tokens::ZERO;
    world.edits = vec![
        ("age_hours = 720", "age_hours = 168"),
        ("assigned_permille = 100", "assigned_permille = 500"),
        ("trust_known_after = 3", "trust_known_after = 1"),
        ("days_min = 14", "days_min = 1"),
        ("cells_min = 5", "cells_min = 1"),
    ];
    for at in 0..6_i32 {
        let device = world.device(
            &format!("d{at}"),
            &format!("u{}", at % 4),
            north_of(NEW_YORK, at * 70),
        );
        device.hardware = [u8::try_from(at % 5).unwrap(); 32];
    }
    world.stream(0, "partner", 40, 3).pot_permille = 333;
    world.stream(1, "partner", 1 << 20, 1 << 20).pot_permille = 334;
    for at in 0..3 {
        world.validator(&format!("v{at}"), &format!("u{at}"), CHICAGO);
    }
    // Validators are of age in the second week.
    world.visit("steady", "d0", world.start() + 165 * HOUR);
    // And all but one user are known by then.
    for user in 1..6 {
        let device = if user == 2 { "d3" } else { "d2" };
        world.visit(&format!("u{user}"), device, world.start() + 164 * HOUR);
    }
    let first = world.close();
    world.next_epoch(&first);
    world.terms.tokens_per_epoch = Tokens::new(emission);
    world.task(1, "carrier", 10, 25);
    world.task(2, "carrier", 1 << 30, 1 << 32);
    world.payer(1, "carrier", 3);
    world.payer(2, "carrier", 1 << 40).wallet = key("u1");
    for (payer, tokens) in [(1, 500), (1, 1), (2, u64::MAX)] {
        let at = world.start() + i64::try_from(world.burns.len()).unwrap() * HOUR;
        world.burn(payer, tokens, at);
    }
    for operator in OPERATORS {
        world.operator(operator);
    }
    for step in steps {
        let start = world.start() + MINUTE;
        match step {
            Step::Visit {
                user,
                device,
                hour,
                overlap,
            } => {
                let (user, device) = (format!("u{user}"), format!("d{device}"));
                let mut proof = world.check_in(&user, &device, start + hour * HOUR);
                if let Body::WifiCheckIn(body) = &mut proof.body {
                    body.scan_overlap_permille = *overlap;
                }
                world.submit(&proof, &[(Role::User, &user)]);
            }
            Step::Beat {
                device,
                hour,
                away_m,
            } => {
                let device = format!("d{device}");
                let mut proof = world.beat(&device, start + hour * HOUR);
                if let Body::HotspotBeat(body) = &mut proof.body {
                    (body.lat_e7, body.lon_e7) = north_of((body.lat_e7, body.lon_e7), *away_m);
                }
                world.submit(&proof, &[(Role::Device, &device)]);
            }
            Step::Metric {
                device,
                stream,
                hour,
                quantity,
                counter,
                sampled,
            } => {
                let device = format!("d{device}");
                let mut proof =
                    world.metric("partner", &device, *stream, start + hour * HOUR, *counter);
                if let Body::PartnerMetric(body) = &mut proof.body {
                    (body.quantity, body.second_source) = (*quantity, *sampled);
                }
                world.submit(
                    &proof,
                    &[(Role::Partner, "partner"), (Role::Device, &device)],
                );
            }
            Step::Complete {
                task,
                person,
                to,
                hour,
            } => {
                let (person, to) = (format!("p{person}"), format!("u{to}"));
                world.complete("carrier", *task, &person, &to, start + hour * HOUR);
            }
            Step::Probe {
                validator,
                device,
                hour,
                rtt_ms,
            } => {
                let (validator, device) = (format!("v{validator}"), format!("d{device}"));
                let mut proof = world.probe(&validator, &device, start + hour * HOUR);
                if let Body::QosProbe(body) = &mut proof.body {
                    body.rtt_ms = *rtt_ms;
                }
                world.probed(&proof, &validator, &device);
            }
            Step::Meet {
                validator,
                device,
                hour,
            } => {
                let (validator, device) = (format!("v{validator}"), format!("d{device}"));
                world.meet(&validator, &device, start + hour * HOUR);
            }
            Step::Add {
                user,
                point,
                scan,
                hour,
            } => {
                let (user, point) = (format!("u{user}"), format!("p{point}"));
                let mut proof = world.add_proof(&user, &point, NEW_YORK, start + hour * HOUR);
                if let Body::WifiAdd(body) = &mut proof.body {
                    let beside: Vec<String> = (0..4).map(|at| format!("{scan} {at}")).collect();
                    body.neighbours = World::scan(beside.iter().map(String::as_str));
                }
                world.submit(&proof, &[(Role::User, &user)]);
            }
            Step::Confirm { user, point, hour } => {
                let (user, point) = (format!("u{user}"), format!("p{point}"));
                world.confirm(&user, &point, NEW_YORK, start + hour * HOUR);
            }
            Step::Invite {
                inviter,
                invitee,
                hour,
            } => {
                let (inviter, invitee) = (format!("u{inviter}"), format!("u{invitee}"));
                world.invite(&inviter, &invitee, start + hour * HOUR);
            }
            Step::Carry {
                device,
                payer,
                subscriber,
                hour,
                bytes,
            } => {
                let (device, subscriber) = (format!("d{device}"), format!("s{subscriber}"));
                let at = start + hour * HOUR + 10 * MINUTE;
                let mut proof = world.session(&device, *payer, &subscriber, 1, at);
                if let Body::TrafficSession(body) = &mut proof.body {
                    body.bytes = *bytes;
                }
                world.metered(&proof, &device, "carrier");
            }
            Step::Adjust {
                by,
                adjusted,
                to,
                hour,
                milli_points,
            } => {
                let mut both = OPERATORS.to_vec();
                both.remove(usize::from(*by));
                let to = format!("u{to}");
                let at = start + hour * HOUR;
                world.adjust([both[0], both[1]], [*adjusted; 32], &to, *milli_points, at);
            }
            Step::Link {
                identity,
                wallet,
                hour,
            } => {
                // Of the first six each is somebody's wallet already.
                let (identity, wallet) = (key(&format!("u{identity}")), format!("u{wallet}"));
                world.link(identity, &wallet, start + hour * HOUR);
            }
            Step::Rubbish(bytes) => world.hand_in(bytes, start),
        }
    }
    // Somebody always earns.
    world.visit("steady", "d0", world.start() + 165 * HOUR);
    world
}
