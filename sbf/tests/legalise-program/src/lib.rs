//! A program made of everything the SBF link driver has to rewrite.
//!
//! It is compiled twice: by the driver for the machine, and by the ordinary compiler for the host. Both run [`run`] on the
//! same request, and `sbf/tests` compares the replies; whatever the driver gets wrong shows as a difference. Nothing here is
//! known at build time that the request does not say, so that the compiler cannot compute it in advance.
#![allow(
    clippy::pedantic,
    reason = "a collection of what a compiler must get right: casts, odd loops, long functions"
)]
#![expect(
    unsafe_code,
    reason = "a program without a framework reads its input from a pointer"
)]

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

pub mod arithmetic;
pub mod calls;
pub mod memory;
pub mod order;
pub mod panics;

/// Bytes of memory a request may use (the whole heap of a program).
pub const SCRATCH: usize = 32 * 1024;

/// Longest reply (what a program may return).
pub const REPLY: usize = 1024;

/// Reads operands from a request, in order. Past its end there are zeros.
pub struct Request<'a> {
    bytes: &'a [u8],
}

impl<'a> Request<'a> {
    /// A request of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        *first
    }

    /// The next 8 bytes, little endian.
    pub fn u64(&mut self) -> u64 {
        (0..8).fold(0, |value, at| value | (u64::from(self.byte()) << (8 * at)))
    }

    /// The next 16 bytes, little endian.
    pub fn u128(&mut self) -> u128 {
        let low = self.u64();
        let high = self.u64();
        (u128::from(high) << 64) | u128::from(low)
    }
}

/// Collects a reply. What does not fit is cut off.
pub struct Reply {
    bytes: [u8; REPLY],
    length: usize,
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            bytes: [0; REPLY],
            length: 0,
        }
    }
}

impl Reply {
    /// The reply so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Adds one byte.
    pub fn byte(&mut self, value: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = value;
            self.length += 1;
        }
    }

    /// Adds a flag.
    pub fn flag(&mut self, value: bool) {
        self.byte(u8::from(value));
    }

    /// Adds 8 bytes, little endian.
    pub fn u64(&mut self, value: u64) {
        for at in 0..8 {
            self.byte((value >> (8 * at)) as u8);
        }
    }

    /// Adds 16 bytes, little endian.
    pub fn u128(&mut self, value: u128) {
        self.u64(value as u64);
        self.u64((value >> 64) as u64);
    }
}

/// What a request asks for: its first byte. Operands follow, as many sets as there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Group {
    /// [`arithmetic::one`]: which operation, then pairs of 128-bit operands.
    Arithmetic = 0,
    /// [`memory::one`]: which operation, then its lengths and places.
    Memory = 1,
    /// [`calls::one`]: which call, then a seed for its arguments.
    Calls = 2,
    /// [`panics::one`]: which panic.
    Panic = 3,
    /// [`order::one`]: which comparison, then its length, the place where the strings differ, and both bytes there.
    Order = 4,
}

/// Does what the request says. `scratch` is memory of [`SCRATCH`] bytes whose content does not matter.
pub fn run(request: &[u8], scratch: &mut [u8], reply: &mut Reply) {
    let mut request = Request::new(request);
    let group = request.byte();
    let which = request.byte();
    while !request.is_empty() {
        match group {
            0 => arithmetic::one(which, &mut request, reply),
            1 => memory::one(which, &mut request, scratch, reply),
            2 => calls::one(which, &mut request, reply),
            3 => panics::one(which, &mut request, reply),
            _ => order::one(which, &mut request, scratch, reply),
        }
    }
}

#[cfg(target_os = "solana")]
mod machine {
    use super::{Reply, SCRATCH, run};

    /// Where the machine puts a program's heap.
    const HEAP: usize = 0x3_0000_0000;

    unsafe extern "C" {
        fn sol_set_return_data(data: *const u8, length: u64);
    }

    /// The machine starts here. Called without accounts: behind their number (zero) come the request's length and bytes.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn entrypoint(input: *const u8) -> u64 {
        // SAFETY: the loader lays the input out as said above, and the heap is this program's alone.
        unsafe {
            let length = input.add(8).cast::<u64>().read();
            let request = core::slice::from_raw_parts(input.add(16), length as usize);
            let scratch = core::slice::from_raw_parts_mut(HEAP as *mut u8, SCRATCH);
            let mut reply = Reply::default();
            run(request, scratch, &mut reply);
            let bytes = reply.bytes();
            sol_set_return_data(bytes.as_ptr(), bytes.len() as u64);
        }
        0
    }
}
