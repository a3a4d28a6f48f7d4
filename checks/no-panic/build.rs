//! Links the C library, which starts `main`.
fn main() {
    println!("cargo:rustc-link-arg-bins=-lc");
}
