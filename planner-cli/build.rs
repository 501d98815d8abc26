//! The binary carries the portfolio that `planner init` writes: build it anew when those files change.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../site-data/first-look");
    println!("cargo:rerun-if-changed=../site-data/library");
}
