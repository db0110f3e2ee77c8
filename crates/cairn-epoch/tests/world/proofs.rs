//! Proofs as they should be, signed by whoever must sign them; a test bends one in one way.

use cairn_epoch::{Attestor, Device};
use cairn_proof::{
    Adjust, Body, EsimTask, HotspotBeat, Link, PartnerMetric, ProofV1, QosProbe, Referral, Role,
    TrafficSession, ValidatorVisit, WifiAdd, WifiCheckIn,
};
use sha2::{Digest, Sha256};

use super::{HOUR, MINUTE, NEW_YORK, WEEK_HOURS, World, cell_of, key};

impl World {
    /// A flawless check-in of `user` at `device`.
    pub fn check_in(&mut self, user: &str, device: &str, at_ms: i64) -> ProofV1 {
        let body = Body::WifiCheckIn(WifiCheckIn {
            user: key(user),
            challenge_at_ms: at_ms - 30_000,
            challenge: [3; 16],
            session_secs: 600,
            scan_overlap_permille: 800,
        });
        self.proof(device, at_ms, body)
    }

    /// A scan of up to five access points, as a body has it.
    pub fn scan<'a>(beside: impl Iterator<Item = &'a str>) -> Box<[[u8; 32]; 5]> {
        let mut seen: Vec<[u8; 32]> = beside.map(key).collect();
        seen.sort_unstable();
        seen.resize(5, [0; 32]);
        Box::new(seen.try_into().expect("at most five"))
    }

    /// A flawless add of `point`, which was seen at `place` beside access points of its own.
    pub fn add_proof(&mut self, user: &str, point: &str, place: (i32, i32), at_ms: i64) -> ProofV1 {
        let beside: Vec<String> = (0..5).map(|at| format!("{point} {at}")).collect();
        let body = Body::WifiAdd(WifiAdd {
            user: key(user),
            lat_e7: place.0,
            lon_e7: place.1,
            neighbours: Self::scan(beside.iter().map(String::as_str)),
        });
        let mut proof = self.proof(point, at_ms, body);
        proof.cell = cell_of(place);
        proof
    }

    /// A flawless add, signed and handed in.
    pub fn add(&mut self, user: &str, point: &str, place: (i32, i32), at_ms: i64) -> [u8; 32] {
        let proof = self.add_proof(user, point, place, at_ms);
        self.submit(&proof, &[(Role::User, user)])
    }

    /// A flawless check-in at `point`, which somebody added at `place`.
    pub fn confirmation(
        &mut self,
        user: &str,
        point: &str,
        place: (i32, i32),
        at_ms: i64,
    ) -> ProofV1 {
        let mut proof = self.check_in(user, point, at_ms);
        proof.cell = cell_of(place);
        proof
    }

    /// A flawless check-in at an added point, signed and handed in.
    pub fn confirm(&mut self, user: &str, point: &str, place: (i32, i32), at_ms: i64) -> [u8; 32] {
        let proof = self.confirmation(user, point, place, at_ms);
        self.submit(&proof, &[(Role::User, user)])
    }

    pub fn attestor(&mut self, name: &str) {
        self.terms.attestors.push(Attestor {
            name: "the app's sign-up service".to_owned(),
            key: key(name),
            key_kind: 0,
        });
    }

    /// A flawless referral by the attestor "desk".
    pub fn referral(&mut self, inviter: &str, invitee: &str, at_ms: i64) -> ProofV1 {
        let body = Body::Referral(Referral {
            invitee: key(invitee),
            attestor: key("desk"),
        });
        self.proof(inviter, at_ms, body)
    }

    /// A flawless referral, signed and handed in.
    pub fn invite(&mut self, inviter: &str, invitee: &str, at_ms: i64) -> [u8; 32] {
        let proof = self.referral(inviter, invitee, at_ms);
        self.submit(&proof, &[(Role::Attestor, "desk"), (Role::User, invitee)])
    }

    /// A link of `identity` to the key `wallet`, for which the attestor "desk" vouches.
    pub fn link_proof(&mut self, identity: [u8; 32], wallet: &str, at_ms: i64) -> ProofV1 {
        let body = Body::Link(Link {
            wallet: key(wallet),
            vouched_by: 0,
            voucher: key("desk"),
        });
        let mut proof = self.proof(wallet, at_ms, body);
        (proof.subject, proof.cell) = (identity, 0);
        proof
    }

    /// A flawless link, signed and handed in.
    pub fn link(&mut self, identity: [u8; 32], wallet: &str, at_ms: i64) -> [u8; 32] {
        let proof = self.link_proof(identity, wallet, at_ms);
        self.submit(&proof, &[(Role::User, wallet), (Role::Attestor, "desk")])
    }

    /// Shows that somebody signs for the key `wallet`, which is linked to itself.
    pub fn show(&mut self, wallet: &str, at_ms: i64) -> [u8; 32] {
        let mut proof = self.link_proof(key(wallet), wallet, at_ms);
        if let Body::Link(link) = &mut proof.body {
            (link.vouched_by, link.voucher) = (1, key(wallet));
        }
        self.submit(&proof, &[(Role::User, wallet), (Role::Attestor, wallet)])
    }

    /// A flawless beat at the device's own place.
    pub fn beat(&mut self, device: &str, at_ms: i64) -> ProofV1 {
        let known = self.devices.iter().find(|known| known.key == key(device));
        let (lat_e7, lon_e7) = known.and_then(Device::place).unwrap_or(NEW_YORK);
        let body = Body::HotspotBeat(HotspotBeat {
            hour_bucket: u32::try_from(at_ms / HOUR).expect("after 1970"),
            lat_e7,
            lon_e7,
            contact: true,
        });
        self.proof(device, at_ms, body)
    }

    /// A flawless metric for the hour it is made in.
    pub fn metric(
        &mut self,
        partner: &str,
        device: &str,
        stream: u32,
        at_ms: i64,
        counter: u64,
    ) -> ProofV1 {
        let body = Body::PartnerMetric(PartnerMetric {
            stream,
            hour_bucket: u32::try_from(at_ms / HOUR).expect("after 1970"),
            quantity: 1,
            counter,
            quality_permille: 1_000,
            second_source: true,
            partner: key(partner),
        });
        self.proof(device, at_ms, body)
    }

    /// A flawless probe of the best tier.
    pub fn probe(&mut self, validator: &str, device: &str, at_ms: i64) -> ProofV1 {
        let body = Body::QosProbe(QosProbe {
            validator: key(validator),
            down_kbps: 250_000,
            up_kbps: 50_000,
            rtt_ms: 12,
            loss_permille: 0,
        });
        self.proof(device, at_ms, body)
    }

    /// Signs a probe as both who made it.
    pub fn probed(&mut self, proof: &ProofV1, validator: &str, device: &str) -> [u8; 32] {
        self.submit(
            proof,
            &[(Role::Device, device), (Role::Validator, validator)],
        )
    }

    /// A flawless visit.
    pub fn visit_proof(&mut self, validator: &str, device: &str, at_ms: i64) -> ProofV1 {
        let body = Body::ValidatorVisit(ValidatorVisit {
            validator: key(validator),
            transcript: [4; 32],
        });
        self.proof(device, at_ms, body)
    }

    /// A flawless visit, signed by both and handed in.
    pub fn meet(&mut self, validator: &str, device: &str, at_ms: i64) -> [u8; 32] {
        let proof = self.visit_proof(validator, device, at_ms);
        self.submit(
            &proof,
            &[(Role::Validator, validator), (Role::Device, device)],
        )
    }

    /// A flawless completion of a task by `person`, whose credits go to the key `to`.
    pub fn completion(
        &mut self,
        carrier: &str,
        task: u32,
        person: &str,
        to: &str,
        at_ms: i64,
    ) -> ProofV1 {
        let body = Body::EsimTask(EsimTask {
            task,
            nullifier: Sha256::digest(format!("{task} {person}")).into(),
            carrier: key(carrier),
        });
        self.proof(to, at_ms, body)
    }

    /// A flawless completion, signed and handed in.
    pub fn complete(
        &mut self,
        carrier: &str,
        task: u32,
        person: &str,
        to: &str,
        at_ms: i64,
    ) -> [u8; 32] {
        let proof = self.completion(carrier, task, person, to, at_ms);
        self.submit(&proof, &[(Role::Carrier, carrier)])
    }

    /// A flawless session of ten minutes: `units` of traffic that `device` carried for `subscriber`, under a number of its own.
    pub fn session(
        &mut self,
        device: &str,
        payer: u32,
        subscriber: &str,
        units: u64,
        at_ms: i64,
    ) -> ProofV1 {
        let terms = self.terms.payers.iter().find(|terms| terms.id == payer);
        let carrier = terms.map_or([0; 32], |terms| terms.carrier);
        let number = format!("{device} {payer} {subscriber} {at_ms}");
        let body = Body::TrafficSession(TrafficSession {
            session: Sha256::digest(number).into(),
            payer,
            subscriber: key(subscriber),
            started_at_ms: at_ms - 10 * MINUTE,
            bytes: units * 100_000,
            carrier,
        });
        self.proof(device, at_ms, body)
    }

    /// Signs a session as both who have a copy of it.
    pub fn metered(&mut self, proof: &ProofV1, device: &str, carrier: &str) -> [u8; 32] {
        self.submit(proof, &[(Role::Device, device), (Role::Carrier, carrier)])
    }

    /// A flawless session, signed by device and "carrier" and handed in.
    pub fn carry(
        &mut self,
        device: &str,
        payer: u32,
        subscriber: &str,
        units: u64,
        at_ms: i64,
    ) -> [u8; 32] {
        let proof = self.session(device, payer, subscriber, units, at_ms);
        self.metered(&proof, device, "carrier")
    }

    /// A flawless adjustment of `adjusted`, whose points go to the key `to`.
    pub fn adjustment(
        &mut self,
        operators: [&str; 2],
        adjusted: [u8; 32],
        to: &str,
        milli_points: u64,
        at_ms: i64,
    ) -> ProofV1 {
        let [operator, second_operator] = operators.map(key);
        let body = Body::Adjust(Adjust {
            adjusted,
            milli_points,
            operator,
            second_operator,
        });
        self.proof(to, at_ms, body)
    }

    /// A flawless adjustment, signed by both operators and handed in.
    pub fn adjust(
        &mut self,
        operators: [&str; 2],
        adjusted: [u8; 32],
        to: &str,
        milli_points: u64,
        at_ms: i64,
    ) -> [u8; 32] {
        let proof = self.adjustment(operators, adjusted, to, milli_points, at_ms);
        self.submit(&proof, &operators.map(|name| (Role::Attestor, name)))
    }

    /// A flawless check-in, signed and handed in.
    pub fn visit(&mut self, user: &str, device: &str, at_ms: i64) -> [u8; 32] {
        let proof = self.check_in(user, device, at_ms);
        self.submit(&proof, &[(Role::User, user)])
    }

    pub fn heartbeat(&mut self, device: &str, at_ms: i64) -> [u8; 32] {
        let proof = self.beat(device, at_ms);
        self.submit(&proof, &[(Role::Device, device)])
    }

    /// One beat in each hour of the epoch.
    pub fn beat_all_week(&mut self, device: &str) {
        for hour in 0..WEEK_HOURS {
            self.heartbeat(device, self.start() + hour * HOUR + MINUTE);
        }
    }
}
