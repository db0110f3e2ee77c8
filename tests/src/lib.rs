//! Tests of the whole: `svm/` (one file per instruction), `attacks/` (one per class of attack), `conformance/` (golden
//! vectors). The library makes the vectors, so that generator and check share one text.

pub mod vectors;
