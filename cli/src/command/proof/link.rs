//! `cairn proof link`.

use std::path::PathBuf;

use cairn_proof::{
    Body, Link, ProofV1, PublicKey, Role, RoleSignature, Scheme, SignedProof,
    Signer as ProofSigner, identity_of_did, is_own_key,
};
use cairn_spelling::{read_key, text};
use serde::Serialize;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use super::identity::point;
use super::simulate::read_signed;
use crate::address::{Address, Hash};
use crate::args::address;
use crate::chain;
use crate::command::device::beat::{Anchor, append, instant};
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Sign a link: what an identity without a wallet earned, and earns from now on, is the wallet's, for ever
///
/// -k is the wallet's own key; nothing is sent. Whoever vouches that both are one person's signs too: the identity's own key where it has
/// one, else an attestor whom the rules name. With --proof that signature is added to a link that the wallet signed before. Once both are
/// there the proof goes to a keeper's inbox. Where a wallet is paid is changed on chain later: `cairn recipient set`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn proof link -k wallet.json --network NET --identity 8a1f… --voucher ATTESTOR --epoch 3 \\
      --anchor $(cairn-keeper --data KEEPER anchor) --out link.json
  cairn proof link -k attestor.json --proof link.json --out links.jsonl       the attestor adds its signature
  cairn proof link -k wallet.json --network NET --identity 8a1f… --voucher 02a1… --epoch 3 --anchor … --out link.json
  cairn proof link --proof link.json --signature 9c41… --out links.jsonl     what the phone signed
  cairn proof link -k wallet.json --network NET --epoch 3 --anchor …          show that somebody signs for this wallet")]
pub struct Args {
    /// A link that the wallet signed, to add who vouches to
    #[arg(long, value_name = "FILE", conflicts_with_all = ["network", "identity", "voucher", "epoch", "anchor"])]
    pub proof: Option<PathBuf>,
    /// The signature of who vouches, 128 hex digits, instead of -k: over the message that was printed
    #[arg(long, value_name = "HEX", requires = "proof", value_parser = signature)]
    pub signature: Option<[u8; 64]>,
    /// The network's address
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_NETWORK", value_parser = address, required_unless_present = "proof")]
    pub network: Option<solana_sdk::pubkey::Pubkey>,
    /// Who earned: 64 hex digits (`cairn proof identity`), a DID, or an address [default: the wallet itself]
    #[arg(long, value_name = "IDENTITY", value_parser = identity)]
    pub identity: Option<[u8; 32]>,
    /// Who vouches: an attestor's address, or the identity's own P-256 key as 66 hex digits [default: the wallet's own key]
    #[arg(long, value_name = "KEY", value_parser = voucher)]
    pub voucher: Option<PublicKey>,
    /// The epoch that it is made in
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..), required_unless_present = "proof")]
    pub epoch: Option<u32>,
    /// Version of the rules
    #[arg(long, value_name = "VERSION", default_value_t = 1)]
    pub ruleset: u16,
    /// A recent block that the keeper knows, as `cairn-keeper anchor` prints it
    #[arg(long, value_name = "SLOT:HASH", required_unless_present = "proof")]
    pub anchor: Option<Anchor>,
    /// When it is made, like 2026-01-05T10:00:00Z [default: now, by the chain's clock]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub at: Option<i64>,
    /// Counts up with every proof of the wallet [default: the milliseconds of --at]
    #[arg(long, value_name = "NUMBER")]
    pub sequence: Option<u64>,
    /// File of proofs, one a line, to add it to
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// An identity in hex, a DID, or a key by itself.
fn identity(written: &str) -> Result<[u8; 32], String> {
    if written.starts_with("did:") {
        return Ok(identity_of_did(written));
    }
    match text::from_hex(written) {
        Some(identity) => Ok(identity),
        None => read_key(written.as_bytes()).map_err(|fault| format!("it {fault}")),
    }
}

fn voucher(written: &str) -> Result<PublicKey, String> {
    if written.len() == 66 {
        return point(written);
    }
    let key = read_key(written.as_bytes()).map_err(|fault| format!("it {fault}"))?;
    Ok(PublicKey::Ed25519(key))
}

fn signature(written: &str) -> Result<[u8; 64], String> {
    text::from_hex(written).ok_or_else(|| "128 small hexadecimal digits are expected".to_owned())
}

/// A link that was signed, by one of the two or by both.
#[derive(Clone, Debug, Serialize)]
pub struct Linked {
    /// The proof's id; `cairn why` and `cairn-keeper receipt` find it by this.
    pub id: Hash,
    pub identity: Hash,
    pub wallet: Address,
    /// attestor, or own_key.
    pub vouched_by: &'static str,
    /// What who vouches signs, in hex; null once that is done.
    pub to_sign: Option<String>,
    /// What goes to the keeper, once both have signed.
    pub proof: SignedProof,
    /// The file it was added to.
    pub out: Option<PathBuf>,
}

/// # Errors
/// -k is no key; a file that holds no link, or can not be written; a signature that does not fit.
pub async fn run(ctx: &Context, args: &Args) -> Result<Linked, CliError> {
    let signed = match &args.proof {
        Some(path) => vouched(ctx, args, read_signed(path)?)?,
        None => agreed(ctx, args).await?,
    };
    if let Some(path) = &args.out {
        append(path, &signed)?;
    }
    Linked::of(signed, args.out.clone())
}

/// A link that the wallet signs, and that vouches for itself where nobody else is named.
async fn agreed(ctx: &Context, args: &Args) -> Result<SignedProof, CliError> {
    let unsaid = || CliError::argument("which link is meant was not said", "see --help");
    let key = ctx.purse.wallet()?.key()?;
    let wallet = key.pubkey().to_bytes();
    let (Some(network), Some(epoch), Some(anchor)) = (args.network, args.epoch, args.anchor) else {
        return Err(unsaid());
    };
    let identity = args.identity.unwrap_or(wallet);
    let (vouched_by, voucher) = match &args.voucher {
        None => (1, wallet),
        Some(PublicKey::Ed25519(key)) => (0, *key),
        Some(PublicKey::P256(point)) => {
            let [parity, x @ ..] = *point;
            (parity, x)
        }
    };
    let link = Link {
        wallet,
        vouched_by,
        voucher,
    };
    if link
        .own_key()
        .is_some_and(|own| !is_own_key(&identity, &own))
    {
        return Err(CliError::argument(
            "the key that would vouch is not the identity's own",
            "name an attestor of the network with --voucher, or the identity's own P-256 key",
        ));
    }
    let observed_at_ms = match args.at {
        Some(at) => at,
        None => chain::now(ctx).await?.saturating_mul(1_000),
    };
    let proof = ProofV1 {
        network: network.to_bytes(),
        ruleset: args.ruleset,
        subject: identity,
        signer_seq: match args.sequence {
            Some(sequence) => sequence,
            None => u64::try_from(observed_at_ms).map_err(|_| unsaid())?,
        },
        epoch,
        observed_at_ms,
        anchor_slot: anchor.slot,
        anchor_hash: anchor.hash,
        cell: 0,
        body: Body::Link(link),
    };
    let signed = SignedProof::new(proof).signed(Role::User, &signer(key));
    Ok(match vouched_by {
        1 => signed.signed(Role::Attestor, &signer(key)),
        _ => signed,
    })
}

/// The link with the signature of who vouches.
fn vouched(ctx: &Context, args: &Args, signed: SignedProof) -> Result<SignedProof, CliError> {
    let Body::Link(link) = &signed.proof.body else {
        return Err(CliError::refused(
            "proof-other",
            format!("it is a {}, no link", signed.proof.kind()),
            "name the file that `cairn proof link` wrote",
        ));
    };
    let own = link.own_key();
    let vouches = own.unwrap_or(PublicKey::Ed25519(link.voucher));
    let mut complete = signed.clone();
    if let Some(signature) = args.signature {
        complete.attach(RoleSignature {
            role: Role::Attestor,
            scheme: vouches.scheme(),
            signature,
        });
    } else {
        let key = ctx.purse.wallet()?.key()?;
        complete = complete.signed(Role::Attestor, &signer(key));
    }
    // An attestor of P-256 signs with --signature; its key's other half stands in the rules alone.
    let is_checked = own.is_some() || vouches.scheme() == Scheme::Ed25519;
    if is_checked && complete.check(Role::Attestor, &vouches).is_err() {
        return Err(CliError::refused(
            "signature-unfit",
            "the signature is not that of who vouches".to_owned(),
            "sign with the key that the link names: `cairn proof link` shows the message",
        ));
    }
    Ok(complete)
}

fn signer(key: &Keypair) -> ProofSigner {
    ProofSigner::ed25519(key.secret_bytes())
}

impl Linked {
    fn of(proof: SignedProof, out: Option<PathBuf>) -> Result<Self, CliError> {
        let id = proof.proof.id();
        let Body::Link(link) = &proof.proof.body else {
            return Err(CliError::argument("it is no link", "see --help"));
        };
        let is_vouched = proof.signatures_as(Role::Attestor).next().is_some();
        let message = || hex::encode(Role::Attestor.message(&id));
        Ok(Self {
            id: id.into(),
            identity: proof.proof.subject.into(),
            wallet: Address(link.wallet.into()),
            vouched_by: if link.vouched_by == 0 {
                "attestor"
            } else {
                "own_key"
            },
            to_sign: (!is_vouched).then(message),
            proof,
            out,
        })
    }
}

impl Verdict for Linked {}

impl Show for Linked {
    fn show(&self, page: &mut Page) {
        page.title(match self.to_sign {
            None => "A link, signed by both",
            Some(_) => "A link, signed by the wallet",
        });
        page.fact("proof", self.id.to_string());
        page.fact("identity", self.identity.to_string());
        page.fact("wallet", self.wallet.to_string());
        if let Some(message) = &self.to_sign {
            page.fact("to be signed", message);
        }
        match (&self.out, serde_json::to_string(&self.proof)) {
            (Some(path), _) => page.fact("added to", path.display().to_string()),
            (None, Ok(line)) => page.line(&line),
            (None, Err(_)) => {}
        }
    }
}
