//! A program without the standard library and without an allocator, around `cairn-merkle`. It compiles only while the crate
//! and all it depends on do without both: another handler of panics, which std brings, would be the second of this program,
//! and `alloc` would ask for an allocator that nobody names.
#![no_std]

use cairn_merkle as _;

#[panic_handler]
fn stop(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
