//! Links the C library if there is one, which starts `main`; elsewhere makes `main` the entry
//! point, so that the linker keeps it.
fn main() {
    let bare = std::env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|os| os == "none");
    let argument = if bare { "--entry=main" } else { "-lc" };
    println!("cargo:rustc-link-arg-bins={argument}");
}
