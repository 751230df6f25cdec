//! What the program says of its own making, and what is linked into it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNWINDER: &str = "libgcc_eh.a";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    tell_build();
    link_unwinder();
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "windows") {
        describe_to_windows();
    }
}

/// Gives the exe an icon, its version, and a manifest. Where the compiler of resources is missing it has none of them.
fn describe_to_windows() {
    println!("cargo::rerun-if-changed=windows");
    let mut resource = winresource::WindowsResource::new();
    resource
        .set("ProductName", "certkit")
        .set("FileDescription", "certkit: certificates and trust stores in industrial IT")
        .set("OriginalFilename", "certkit.exe")
        .set("LegalCopyright", "MIT or Apache-2.0")
        .set_icon("windows/certkit.ico")
        .set_manifest_file("windows/certkit.manifest");
    if let Err(error) = resource.compile() {
        println!("cargo::warning=certkit.exe gets no icon, version and manifest: {error}");
    }
}

/// Tells the program its target and features, and the commit of its source with the time of that commit: those that the
/// environment names, as a release does, or those of the repository that it is built in.
fn tell_build() {
    let target = env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=CERTKIT_TARGET={target}");
    let feature = |(name, _): (String, String)| name.strip_prefix("CARGO_FEATURE_").map(str::to_owned);
    let features = env::vars().filter_map(feature).filter(|name| name != "DEFAULT");
    let mut features: Vec<String> = features.map(|name| name.to_lowercase().replace('_', "-")).collect();
    features.sort();
    println!("cargo::rustc-env=CERTKIT_FEATURES={}", features.join(","));
    println!("cargo::rerun-if-env-changed=CERTKIT_COMMIT");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let named = |name: &str| env::var(name).ok();
    let made = named("CERTKIT_COMMIT").zip(named("SOURCE_DATE_EPOCH")).or_else(committed);
    if let Some((commit, seconds)) = made {
        println!("cargo::rustc-env=CERTKIT_COMMIT={commit}");
        println!("cargo::rustc-env=CERTKIT_MADE={seconds}");
    }
}

/// The commit of the repository that this package is a part of, and its time.
fn committed() -> Option<(String, String)> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let git = |arguments: &[&str]| {
        let answer = Command::new("git").current_dir(&package).args(arguments).output().ok()?;
        answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
    };
    // A package that was unpacked inside of somebody else's repository is no part of it.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != package.parent()?.canonicalize().ok()? {
        return None;
    }
    println!("cargo::rerun-if-changed={}", package.join(git(&["rev-parse", "--git-path", "logs/HEAD"])?).display());
    let shown = git(&["show", "--no-patch", "--format=%H %ct", "HEAD"])?;
    shown.split_once(' ').map(|(commit, seconds)| (commit.to_owned(), seconds.to_owned()))
}

/// Links GCC's unwinder into the program, where the linker has it.
///
/// The standard library asks for the shared libgcc_s, and mapping it takes about a tenth of the time
/// of a short run. Only this program is concerned: no code of its crosses into another library.
fn link_unwinder() {
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
