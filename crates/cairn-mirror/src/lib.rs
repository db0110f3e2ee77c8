//! Published epochs, read from one or several mirrors: each a folder, or a web server that has copies of one.
//!
//! A mirror is trusted with nothing. Which manifest is meant is told by its hash, which stands on chain; the manifest names its
//! files with their sizes and hashes, and its list of claim files names those. So a mirror can be slow, absent, broken or a liar,
//! and costs time and nothing else: what it answered is remembered ([`Told`]), and the next one is asked.
//!
//! ```text
//! Mirrors::index      which epochs each mirror says it has: a hint
//! Mirrors::fetch      a manifest by its hash, and of its files those that are wanted, into a folder
//!   └ bring           one file: from where the last attempt ended, whichever mirror that was   part.rs
//!       └ Line, folder     one answer, bounded in bytes and in time                            line.rs, local.rs
//! Cache               folders by their manifest's hash, one process at a time in each
//! ```
//!
//! A file is written beside its place, synced, checked and renamed: what has its name is whole and right.
#![forbid(unsafe_code)]

mod bring;
mod cache;
mod fault;
mod index;
mod line;
mod local;
mod mirror;
mod pace;
mod part;
mod place;
mod ring;
mod set;
mod wanted;

pub use cache::{Cache, Held};
pub use fault::{Fault, MirrorError, Told};
pub use index::Listed;
pub use pace::{Hear, Pace, Quiet};
pub use place::{Place, PlaceFault};
pub use set::{Fetched, Mirrors};
pub use wanted::Wanted;
