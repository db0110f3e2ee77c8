//! What WebAssembly exports: `reserve`, then the page writes its question there; `call`; the answer is read at `place`.
//!
//! The page writes into memory that it was given, between two calls: no reference to it lives then, so nothing here is unsafe but
//! the names.
#![expect(
    unsafe_code,
    reason = "exports need names that are not mangled; no other crate exports these"
)]

use std::sync::{Mutex, PoisonError};

use crate::answer;

/// The question, then the answer to it.
static PAPER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Makes room for a question of `length` bytes and says where.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    let mut paper = PAPER.lock().unwrap_or_else(PoisonError::into_inner);
    paper.clear();
    paper.resize(length, 0);
    paper.as_mut_ptr()
}

/// Answers the question that was written: the answer's length, or minus the length of why there is none.
#[unsafe(no_mangle)]
pub extern "C" fn call(number: u32) -> i32 {
    let mut paper = PAPER.lock().unwrap_or_else(PoisonError::into_inner);
    let length = |bytes: &[u8]| i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    match answer(number, &paper) {
        Ok(answer) => {
            *paper = answer;
            length(&paper)
        }
        Err(fault) => {
            *paper = fault.to_string().into_bytes();
            -length(&paper)
        }
    }
}

/// Where the answer stands.
#[unsafe(no_mangle)]
pub extern "C" fn place() -> *const u8 {
    let paper = PAPER.lock().unwrap_or_else(PoisonError::into_inner);
    paper.as_ptr()
}
