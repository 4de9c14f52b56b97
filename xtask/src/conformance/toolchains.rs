//! Building each greeter with what its language's people use, into `target/conformance`, and starting it.
//!
//! Toolchains are the machine's; a language whose toolchain is missing is skipped by name. Packages come from the
//! language's registry by name, with the versions that the lock file beside each service says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::install::{self, PYTHON};
use crate::process::{exists, is_root, program, root, shown};

/// A language, or a way of using one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Python,
    Node,
    Go,
    Java,
    Scala,
    Spring,
}

pub const LANGUAGES: [Language; 6] =
    [Language::Python, Language::Node, Language::Go, Language::Java, Language::Scala, Language::Spring];

impl Language {
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::Node => "node",
            Language::Go => "go",
            Language::Java => "java",
            Language::Scala => "scala",
            Language::Spring => "spring",
        }
    }

    /// The client library it comes with.
    pub fn client(self) -> &'static str {
        match self {
            Language::Python => "py-eureka-client",
            Language::Node => "eureka-js-client",
            Language::Go => "hudl/fargo",
            Language::Java => "Netflix eureka-client 1.10, Jersey 1",
            Language::Scala => "Netflix eureka-client 2.0, Jersey 3",
            Language::Spring => "Spring Cloud Netflix",
        }
    }

    /// As it is registered.
    pub fn app(self) -> String {
        format!("GREET-{}", self.name().to_uppercase())
    }

    /// What this machine lacks for it, in one line.
    pub fn lacks(self) -> Option<String> {
        match self {
            Language::Python => lacks_python(),
            Language::Node => install::require_node().err().map(|error| format!("{error:#}")),
            Language::Go => (!exists_with("go", "version")).then(|| "Go 1.22 or newer is not installed".to_owned()),
            Language::Java | Language::Scala | Language::Spring => lacks_maven(),
        }
    }

    /// Builds what has to be built.
    pub fn build(self) -> Result<()> {
        match self {
            Language::Python => python().map(drop),
            Language::Node => node(),
            Language::Go => go(),
            Language::Java => maven("plain/plain.jar", &["inside", "plain"]),
            Language::Scala => maven("scala/scala.jar", &["inside", "scala"]),
            Language::Spring => maven("spring/spring.jar", &["inside", "spring"]),
        }
    }

    /// The command that runs it, with everything built.
    pub fn command(self) -> Result<Command> {
        let run = |name: &str, arguments: &[&str]| {
            let mut command = program(name, "conformance");
            command.args(arguments);
            command
        };
        let classes = |name: &str, main: &str| {
            let folder = built().join(name);
            let path = format!("{}:{}", folder.join(format!("{name}.jar")).display(), folder.join("lib/*").display());
            run("java", &[JVM[0], JVM[1], "-cp", &path, main])
        };
        Ok(match self {
            Language::Python => run(&python()?.to_string_lossy(), &["python/greeter.py"]),
            Language::Node => run("node", &["node/greeter.js"]),
            Language::Go => run(&built().join("go/greeter").to_string_lossy(), &[]),
            Language::Java => classes("plain", "example.plain.Greeter"),
            Language::Scala => classes("scala", "example.greeter"),
            Language::Spring => {
                run("java", &[JVM[0], JVM[1], "-jar", &built().join("spring/spring.jar").to_string_lossy()])
            }
        })
    }
}

/// Small services: a small heap, and quick to start rather than quick for long.
const JVM: [&str; 2] = ["-Xmx192m", "-XX:TieredStopAtLevel=1"];

fn built() -> PathBuf {
    root().join("target/conformance")
}

fn lacks_python() -> Option<String> {
    if let Err(error) = install::require(&[&PYTHON]) {
        return Some(format!("{error:#}"));
    }
    if !has_venv() && is_root() && exists("apt-get") {
        // Whether it helped is asked below.
        let _ = install::apt(&["python3-venv"]);
    }
    (!has_venv()).then(|| "Python's `venv` is not there: install python3-venv".to_owned())
}

/// Debian keeps the module in a package of its own.
pub fn has_venv() -> bool {
    let mut import = program("python3", ".");
    import.args(["-c", "import venv, ensurepip"]).output().is_ok_and(|output| output.status.success())
}

/// A Python with the outside clients in it.
pub fn python() -> Result<PathBuf> {
    python_with("python")
}

/// A Python with what `conformance/<name>/requirements.txt` asks for, made once below `target`.
pub fn python_with(name: &str) -> Result<PathBuf> {
    let folder = root().join("target/xtask/venv").join(name);
    let python = folder.join("bin/python");
    let requirements = root().join("conformance").join(name).join("requirements.txt");
    let stamp = folder.join("requirements.txt");
    if fs::read(&stamp).ok() == Some(fs::read(&requirements).context("no requirements.txt")?) {
        return Ok(python);
    }
    shown(program("python3", ".").args(["-m", "venv"]).arg(&folder))?;
    let mut install = program(&python.to_string_lossy(), ".");
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements);
    shown(&mut install)?;
    fs::copy(&requirements, &stamp)?;
    Ok(python)
}

fn node() -> Result<()> {
    node_with("node")
}

/// What `conformance/<name>/package-lock.json` asks for, installed once beside it.
pub fn node_with(name: &str) -> Result<()> {
    let folder = root().join("conformance").join(name);
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    shown(program("npm", &format!("conformance/{name}")).args([
        "ci",
        "--omit=dev",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))
}

fn go() -> Result<()> {
    // Builds only what changed; the toolchain is the one that is there.
    let mut build = program("go", "conformance/go");
    shown(build.env("GOTOOLCHAIN", "local").args(["build", "-o"]).arg(built().join("go/greeter")).arg("."))
}

/// The OpenTelemetry collector, built from its modules; Go fetches a newer toolchain where the modules ask for one.
pub fn otel_collector() -> Result<PathBuf> {
    let collector = built().join("otel/collector");
    let mut build = program("go", "conformance/otel");
    shown(build.args(["build", "-o"]).arg(&collector).arg("."))?;
    Ok(collector)
}

/// What is missing for services on the JVM.
pub fn lacks_maven() -> Option<String> {
    let is_there = exists("mvn") && exists("javac");
    (!is_there).then(|| "Maven and a Java development kit, 17 or newer, are not both installed".to_owned())
}

/// A module of `conformance/jvm` and those it needs, unless its jar is newer than all sources.
fn maven(jar: &str, modules: &[&str]) -> Result<()> {
    let sources = root().join("conformance/jvm");
    let jar_built = modified(&built().join(jar));
    let newest_source = modules.iter().filter_map(|module| newest(&sources.join(module))).max();
    if jar_built.is_some() && jar_built >= newest_source {
        return Ok(());
    }
    let mut build = program("mvn", "conformance/jvm");
    shown(build.args(["--quiet", "--batch-mode", "--no-transfer-progress", "package", "-pl", &modules.join(",")]))
}

/// The jar of the stock Eureka server.
pub fn eureka_server() -> Result<PathBuf> {
    maven("eureka-server/eureka-server.jar", &["eureka-server"])?;
    Ok(built().join("eureka-server/eureka-server.jar"))
}

fn exists_with(name: &str, argument: &str) -> bool {
    program(name, ".").arg(argument).output().is_ok_and(|output| output.status.success())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(|entry| if entry.path().is_dir() { newest(&entry.path()) } else { modified(&entry.path()) })
        .max()
}
