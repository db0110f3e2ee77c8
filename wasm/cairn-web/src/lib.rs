//! What the web app lets Rust do, so that a page checks with the very code that the programs run: proofs, canopies and whole trees
//! of `cairn-merkle`, trees of `cairn-device-tree`, and H3 cells.
//!
//! ```text
//! page ── bytes of a question ──▶ door ──▶ answer(question number, bytes) ──▶ bytes of the answer, or words of a refusal
//! ```
//!
//! Questions are bytes, all numbers little endian; each is described at its function. `door` is what WebAssembly exports; the
//! rest is plain and tested like any crate.
// What WebAssembly exports needs a name that is not mangled, which counts as unsafe because two could collide.
#![deny(unsafe_code)]

mod airdrop;
mod cell;
mod device;
mod door;
mod fault;
mod proof;
mod question;
mod root;

pub use fault::Fault;

/// Answers the question with this number.
///
/// | number | question | answer |
/// |---|---|---|
/// | 1 | `proof::reward`: a member's leaf, its proof, the canopy | nothing: it holds |
/// | 2 | `proof::node`: the same for a leaf's node | nothing: it holds |
/// | 3 | `proof::canopy`: a canopy | its root |
/// | 4 | `root::rewards`: all members of a pool | their tree's root |
/// | 5 | `cell::boundary`: a cell | its corners |
/// | 6 | `cell::around`: a place | the cell around it |
/// | 7 | `cell::parent`: a cell | the larger one around it |
/// | 8 | `airdrop::proof`: an airdrop's claim file, the canopy | the proof of one of its leaves, which holds |
/// | 9 | `device::proof`: a device tree's account, all its devices | the proof of one of them, which holds |
///
/// # Errors
/// [`Fault`]: what does not hold, or a question that is no question.
pub fn answer(number: u32, question: &[u8]) -> Result<Vec<u8>, Fault> {
    match number {
        1 => proof::reward(question),
        2 => proof::node(question),
        3 => proof::canopy(question),
        4 => root::rewards(question),
        5 => cell::boundary(question),
        6 => cell::around(question),
        7 => cell::parent(question),
        8 => airdrop::proof(question),
        9 => device::proof(question),
        _ => Err(Fault::Question),
    }
}
