//! The kernel: the WebAssembly module that pages carry, and the record of what it was built from.
//!
//! Enters: the sources. Leaves: two modules and `kernel.record` beside the script of pages. Always holds: the record names every
//! source that went into the module with its hash, so that a check needs no compiler; what cannot change the module (tests within a
//! file) is not hashed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::packing::pack;
use crate::{finish, root, say, target_directory};

/// Where the module and its record lie.
const FOLDER: &str = "crates/contingent-report/src/live";

/// The modules, with the features that they are built with: for every model, and for those in which nothing jumps between steps.
const MODULES: [(&str, &[&str]); 2] =
    [("kernel.wasm.packed", &[]), ("kernel.steps.wasm.packed", &["--no-default-features"])];

/// The target of the compiler.
const TARGET: &str = "wasm32-unknown-unknown";

/// What the module is told to be. None of them lets an operation on numbers be replaced by one with other bits.
const OPTIMISATIONS: [&str; 11] = [
    // Blocks as they come out of a flat form pack better.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--strip-debug",
    "--strip-producers",
];

fn file(name: &str) -> PathBuf {
    root().join(FOLDER).join(name)
}

fn failed(what: impl std::fmt::Display) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{what}: {error}")
}

/// Builds the module and writes it with its record.
#[expect(clippy::disallowed_methods, reason = "a chore writes what it built")]
pub(crate) fn build() -> Result<(), String> {
    let (compiler, version) = compiler()?;
    let linker = linker()?;
    let optimiser = optimiser()?;
    let target = target_directory().join("kernel");
    let variable = |name: &str| format!("CARGO_TARGET_{}_{name}", TARGET.to_uppercase().replace('-', "_"));
    let cargo = || Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let flags = flags()?;
    let built = target.join(TARGET).join("kernel");
    let mut packed = Vec::new();
    // The one for every model last, so that the list of sources is of all.
    for (_, features) in MODULES.iter().rev() {
        let mut command = cargo();
        command
            .args(["build", "--locked", "--profile", "kernel", "--package", "contingent-kernel", "--lib"])
            .args(["--target", TARGET])
            .args(*features)
            // Of the standard library, the small form: sorting and the writing of numbers are a twelfth of the module otherwise.
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
            .arg(&target)
            .env("RUSTC", &compiler)
            // The standard library is built along, which the stable channel does for whoever says so.
            .env("RUSTC_BOOTSTRAP", "1")
            .env(variable("LINKER"), &linker)
            .env(variable("RUSTFLAGS"), &flags)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(root());
        say("xtask: cargo build of contingent-kernel for a browser (minutes the first time)");
        finish(command, "the build of the kernel")?;
        let module = built.join("contingent_kernel.wasm");
        let smaller = built.join("contingent_kernel.small.wasm");
        let mut command = Command::new("wasm-opt");
        command.args(OPTIMISATIONS).arg(&module).arg("-o").arg(&smaller);
        say("xtask: wasm-opt");
        finish(command, "the optimisation of the kernel")?;
        let bytes = std::fs::read(&smaller).map_err(failed(smaller.display()))?;
        packed.insert(0, (bytes.len(), pack(&bytes)));
    }
    let list = std::fs::read_to_string(built.join("libcontingent_kernel.d"))
        .or_else(|_| std::fs::read_to_string(built.join("contingent_kernel.d")))
        .map_err(failed("the list of sources of the kernel"))?;
    let mut record = format!(
        "# What the modules of pages were built from; written by `cargo xtask wasm`.\ncompiler {version}\noptimiser {optimiser}\n"
    );
    for ((name, _), (n_bytes, packed)) in MODULES.iter().zip(&packed) {
        let _ = writeln!(record, "bytes {name} {n_bytes} {}\nmodule {} {name}", packed.len(), hash(packed));
    }
    for source in sources(&list) {
        let _ = writeln!(record, "source {} {source}", hash_of_source(&root().join(&source))?);
    }
    for package in packages(cargo())? {
        let _ = writeln!(record, "package {package}");
    }
    let modules = MODULES.iter().zip(&packed).map(|((name, _), (_, packed))| (*name, packed.as_slice()));
    for (name, content) in modules.chain([("kernel.record", record.as_bytes())]) {
        let partial = file(&format!("{name}.partial"));
        std::fs::write(&partial, content).map_err(failed(partial.display()))?;
        std::fs::rename(&partial, file(name)).map_err(failed(name))?;
    }
    for ((name, _), (n_bytes, packed)) in MODULES.iter().zip(&packed) {
        say(&format!("xtask: {name} holds {n_bytes} bytes in {}", packed.len()));
    }
    Ok(())
}

/// Fails when the sources have moved and the module has not.
#[expect(clippy::disallowed_methods, reason = "a chore compares files")]
pub(crate) fn check() -> Result<(), String> {
    let again = "run `cargo xtask wasm` (see CONTRIBUTING.md) and commit what it writes";
    let record = std::fs::read_to_string(file("kernel.record"))
        .map_err(|error| format!("{FOLDER}/kernel.record: {error}; {again}"))?;
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).map_err(failed("Cargo.lock"))?;
    let locked: BTreeSet<String> = lock
        .split("[[package]]")
        .filter_map(|package| {
            let value =
                |key: &str| package.lines().find_map(|line| line.strip_prefix(key)?.split('"').nth(1));
            Some(format!("{} {}", value("name =")?, value("version =")?))
        })
        .collect();
    let (mut n_modules, mut n_sources) = (0, 0);
    let mut moved = Vec::new();
    for line in record.lines() {
        if let Some((known, name)) = line.strip_prefix("module ").and_then(|rest| rest.split_once(' ')) {
            n_modules += 1;
            if hash(&std::fs::read(file(name)).map_err(failed(name))?) != known {
                return Err(format!("{name} is not the module of kernel.record; {again}"));
            }
        }
        if let Some((known, source)) = line.strip_prefix("source ").and_then(|rest| rest.split_once(' ')) {
            n_sources += 1;
            if hash_of_source(&root().join(source)).ok().as_deref() != Some(known) {
                moved.push(source.to_owned());
            }
        }
        if let Some(package) = line.strip_prefix("package ")
            && !locked.contains(package)
        {
            moved.push(format!("{package} in Cargo.lock"));
        }
    }
    if n_modules != MODULES.len() || n_sources == 0 {
        return Err(format!("kernel.record names no module or no source; {again}"));
    }
    if moved.is_empty() {
        say(&format!("xtask: the kernel is that of its {n_sources} sources"));
        return Ok(());
    }
    Err(format!("the kernel of pages was built from other sources than these: {}; {again}", moved.join(", ")))
}

/// The flags of the compiler. What the module holds must not depend on where sources lie, so the folders of packages, which panics
/// name, are called by another name.
fn flags() -> Result<String, String> {
    let home = std::env::home_dir().map(|home| home.join(".cargo"));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home).unwrap_or_default();
    let registries = home.join("registry/src");
    let mut flags = vec![
        "-C target-feature=+simd128".to_owned(),
        // Loops are unrolled again by the compilers of browsers; unrolled less here, the module is smaller and as fast.
        "-C llvm-args=-unroll-threshold=100".to_owned(),
        // A page tells what a panic said; in which line of the engine is of no use to its reader.
        "-Zlocation-detail=none".to_owned(),
        "-Zfmt-debug=none".to_owned(),
        format!("--remap-path-prefix={}=.", root().display()),
    ];
    for entry in std::fs::read_dir(&registries).map_err(failed(registries.display()))? {
        let folder = entry.map_err(failed(registries.display()))?.path();
        flags.push(format!("--remap-path-prefix={}=packages", folder.display()));
    }
    flags.sort();
    Ok(flags.join(" "))
}

/// A compiler that has the sources of the standard library beside it.
fn compiler() -> Result<(PathBuf, String), String> {
    let candidates =
        [std::env::var_os("CONTINGENT_WASM_RUSTC").map(PathBuf::from), Some("/usr/bin/rustc".into())];
    for compiler in candidates.into_iter().flatten() {
        let said = |argument: &[&str]| -> Option<String> {
            let output = Command::new(&compiler).args(argument).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let Some(root) = said(&["--print", "sysroot"]) else { continue };
        if Path::new(&root).join("lib/rustlib/src/rust/library/std/Cargo.toml").exists() {
            let version = said(&["--version"]).unwrap_or_default();
            return Ok((compiler, version));
        }
    }
    Err("no compiler with the sources of the standard library was found.\nhelp: on Debian, `apt-get install rustc-web \
         rust-web-src`; elsewhere, `rustup component add rust-src` and CONTINGENT_WASM_RUSTC=the path of that rustc"
        .to_owned())
}

/// The version of what makes the module smaller.
fn optimiser() -> Result<String, String> {
    let output =
        Command::new("wasm-opt").arg("--version").output().ok().filter(|output| output.status.success());
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).ok_or_else(|| {
        "wasm-opt was not found\nhelp: on Debian, `apt-get install binaryen`; elsewhere, npm's package `binaryen`"
            .to_owned()
    })
}

/// The linker that comes with rustup's compilers, or that of the system.
fn linker() -> Result<PathBuf, String> {
    let output = Command::new("rustc").args(["--print", "target-libdir"]).current_dir(root()).output();
    let beside = output.ok().and_then(|output| {
        let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        Some(libraries.parent()?.join("bin/rust-lld"))
    });
    let system = ["/usr/bin/rust-lld", "/usr/bin/wasm-ld"].map(PathBuf::from);
    beside.into_iter().chain(system).find(|path| path.exists()).ok_or_else(|| {
        "no linker for WebAssembly was found\nhelp: on Debian, `apt-get install lld`".to_owned()
    })
}

/// The sources in a list of dependencies as compilers write it, relative to the root, in order.
fn sources(list: &str) -> BTreeSet<String> {
    let paths =
        list.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, paths)| paths.split_whitespace());
    let relative = paths.filter_map(|path| Path::new(path).strip_prefix(root()).ok());
    let mut found: BTreeSet<String> = relative
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .filter(|path| path.starts_with("crates/"))
        .collect();
    let manifests: BTreeSet<String> = found
        .iter()
        .filter_map(|path| path.split('/').nth(1))
        .map(|name| format!("crates/{name}/Cargo.toml"))
        .collect();
    found.extend(manifests);
    found
}

/// The packages from elsewhere that go into the module, as `name version`.
fn packages(mut cargo: Command) -> Result<BTreeSet<String>, String> {
    let output = cargo
        .args(["tree", "--locked", "--package", "contingent-kernel", "--target", TARGET, "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .map_err(failed("cargo tree"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        (!name.starts_with("contingent")).then(|| format!("{name} {version}"))
    };
    Ok(text.lines().filter_map(package).collect())
}

/// The hash of a source, without the tests at its end and with line ends as `\n`.
#[expect(clippy::disallowed_methods, reason = "a chore reads the sources")]
fn hash_of_source(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(failed(path.display()))?.replace("\r\n", "\n");
    let kept = text.find("\n#[cfg(test)]\nmod tests {").map_or(text.as_str(), |end| &text[..end]);
    Ok(hash(kept.as_bytes()))
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
