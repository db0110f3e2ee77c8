//! What the SBF link driver makes of a program, executed in the machine.
//!
//! `legalise-program` does every operation the driver rewrites. Here it runs in the virtual machine, as both versions of
//! executable, and on the host; the replies must be equal byte for byte. Where a truth outside of the compiler exists, a
//! big-integer library, the machine's reply is compared with that too.

mod arithmetic;
mod calls;
mod executable;
mod machine;
mod memory;
mod order;
mod panics;
