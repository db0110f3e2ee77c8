//! Text for people.

pub use cairn_facts::{Column, Page, Show};
