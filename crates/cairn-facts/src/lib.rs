//! What a command came to, as one list of [`Facts`]: what people read ([`Page`]) and what programs read (JSON, by docs/json.md)
//! both follow from it, so neither can say what the other does not know. Every command line of the suite tells its results so.
#![forbid(unsafe_code)]

mod address;
mod amount;
mod deeds;
mod facts;
mod page;

pub use address::{Address, Hash};
pub use amount::{of_points, of_tokens};
pub use deeds::{Deeds, cost, sol};
pub use facts::{Facts, Value};
pub use page::{Column, Page, Show};
