//! A browser's module has one thread. The standard library asks the system's for more before it believes that, and Debian's wasi-libc is
//! older than that question: here is the answer that newer ones give. Whoever wanted to compute in parallel then computes by itself.
//!
//! Pointers are passed on to nobody, so they are numbers here.
#![expect(
    unsafe_code,
    reason = "the linker finds these by names that are not mangled; no other crate defines them"
)]

/// `ENOTSUP` of WASI.
const NOT_SUPPORTED: i32 = 58;

#[unsafe(no_mangle)]
extern "C" fn pthread_create(
    _thread: usize,
    _attributes: usize,
    _start: usize,
    _with: usize,
) -> i32 {
    NOT_SUPPORTED
}

#[unsafe(no_mangle)]
extern "C" fn pthread_join(_thread: usize, _value: usize) -> i32 {
    NOT_SUPPORTED
}

#[unsafe(no_mangle)]
extern "C" fn pthread_detach(_thread: usize) -> i32 {
    NOT_SUPPORTED
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_init(_attributes: usize) -> i32 {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_setstacksize(_attributes: usize, _bytes: usize) -> i32 {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_destroy(_attributes: usize) -> i32 {
    0
}
