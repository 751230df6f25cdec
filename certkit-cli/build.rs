//! Links GCC's unwinder into the program, where the linker has it.
//!
//! The standard library asks for the shared libgcc_s, and mapping it takes about a tenth of the time
//! of a short run. Only this program is concerned: no code of its crosses into another library.

use std::env;
use std::path::Path;
use std::process::Command;

const UNWINDER: &str = "libgcc_eh.a";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    let is_host = env::var("HOST") == env::var("TARGET");
    if is_host && target("OS") == "linux" && target("ENV") == "gnu" && is_found() {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Says whether the C compiler that links knows where the unwinder is.
fn is_found() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let answer = Command::new(linker).arg(format!("-print-file-name={UNWINDER}")).output();
    // What it does not find it gives back as a bare name.
    answer.is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_absolute())
}
