//! Evidence: what came in, as it came in, in the order of receipts. Parquet segments with the envelope's fields as
//! columns, so that anybody can query them; rows put together again give the very bytes that were signed.

mod reader;
mod row;
mod writer;

pub use reader::EvidenceReader;
pub(crate) use reader::{read_segment, segments};
pub use row::{Content, Evidence};
pub use writer::{EvidenceWriter, SEGMENT_ROWS, Segment};

pub(crate) use row::FIELDS as EVIDENCE_FIELDS;
