//! What swindlers try, and what each must be refused for.

use cairn_proof::Reason;

/// A planted attack on the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cheat {
    /// An accepted proof sent once more, byte for byte.
    Replay,
    /// A check-in in another user's name, signed with the swindler's key.
    ForgedSignature,
    /// A beat for last week, sent this week.
    BackDated,
    /// A beat of this week, anchored to a block that was an hour old.
    OldAnchor,
    /// A beat dated after the week's end.
    PostDated,
    /// A user in two cities within minutes.
    Teleport,
    /// An owner checking in at the own access point.
    SelfDeal,
    /// One physical hotspot registered twice.
    TwinDevice,
    /// A person who completes a carrier's task once more under another key.
    SecondKey,
    /// An access point that a key without history made up.
    Phantom,
    /// A key without history that says it brought another one.
    InvitedTwin,
    /// Traffic that a carrier signs for and no payer burned for.
    UnpaidTraffic,
    /// What operators have made good, made good once more.
    AdjustedTwice,
    /// A visit of a validator that is not a month old.
    YoungValidator,
    /// A visit of a validator that was sent somewhere else, or nowhere.
    ChosenVisit,
    /// An identity that is somebody's, given to another wallet.
    LinkedTwice,
    /// A hotspot that beats from another borough.
    Moved,
    /// A device that nobody registered.
    Unregistered,
    /// A device that the network has banned.
    Banned,
    /// A proof made for another network.
    OtherNetwork,
}

impl Cheat {
    pub const ALL: [Self; 20] = [
        Self::Replay,
        Self::ForgedSignature,
        Self::BackDated,
        Self::OldAnchor,
        Self::PostDated,
        Self::Teleport,
        Self::SelfDeal,
        Self::TwinDevice,
        Self::SecondKey,
        Self::Phantom,
        Self::InvitedTwin,
        Self::UnpaidTraffic,
        Self::AdjustedTwice,
        Self::YoungValidator,
        Self::ChosenVisit,
        Self::LinkedTwice,
        Self::Moved,
        Self::Unregistered,
        Self::Banned,
        Self::OtherNetwork,
    ];

    /// The reasons that count as caught: a refusal for another cause would be luck.
    #[must_use]
    pub const fn caught_by(self) -> &'static [Reason] {
        match self {
            Self::Replay => &[Reason::Duplicate, Reason::ReplaySeq],
            Self::ForgedSignature => &[Reason::BadSig],
            Self::BackDated => &[Reason::Late],
            Self::OldAnchor => &[Reason::StaleAnchor],
            Self::PostDated => &[Reason::Future],
            Self::Teleport => &[Reason::ImpossibleSpeed],
            Self::SelfDeal => &[Reason::SelfDeal],
            Self::TwinDevice => &[Reason::Cluster],
            Self::SecondKey => &[Reason::Duplicate],
            Self::Phantom | Self::InvitedTwin => &[Reason::LowTrust],
            Self::UnpaidTraffic => &[Reason::Unpaid],
            Self::AdjustedTwice => &[Reason::Duplicate],
            Self::YoungValidator => &[Reason::LowTrust],
            Self::ChosenVisit => &[Reason::CapUser],
            Self::LinkedTwice => &[Reason::Duplicate],
            Self::Moved => &[Reason::TooFar],
            Self::Unregistered => &[Reason::UnknownKey],
            Self::Banned => &[Reason::Denied],
            Self::OtherNetwork => &[Reason::WrongNetwork],
        }
    }

    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Replay => "a proof sent twice",
            Self::ForgedSignature => "a forged signature",
            Self::BackDated => "a proof dated into last week",
            Self::OldAnchor => "a proof anchored to an old block",
            Self::PostDated => "a proof dated into the future",
            Self::Teleport => "a user in two cities at once",
            Self::SelfDeal => "an owner at the own access point",
            Self::TwinDevice => "one hotspot registered twice",
            Self::SecondKey => "a task completed under two keys",
            Self::Phantom => "an access point that nobody saw",
            Self::InvitedTwin => "a new key that invites another",
            Self::UnpaidTraffic => "traffic that nobody burned for",
            Self::AdjustedTwice => "a proof made good twice",
            Self::YoungValidator => "a validator made for the occasion",
            Self::ChosenVisit => "a validator that goes where it likes",
            Self::LinkedTwice => "somebody's identity given away",
            Self::Moved => "a hotspot far from its place",
            Self::Unregistered => "a device nobody registered",
            Self::Banned => "a banned device",
            Self::OtherNetwork => "a proof for another network",
        }
    }
}
