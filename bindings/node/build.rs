//! Has the linker accept functions that Node itself brings.

fn main() {
    napi_build::setup();
}
