//! `cargo xtask contracts`: the committed documents, written anew from the code, and the types made from them.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::{program, root, shown};
use crate::report::say;
use crate::{up, web};

/// Services with a REST contract of their own. The registry's is Eureka's, the gateway merges the others'.
pub const SERVICES: [&str; 8] =
    ["identity", "profiles", "catalog", "recommendations", "playback", "partners", "console", "console-operator"];

pub fn write() -> Result<()> {
    let executable = up::build_bijou(false)?;
    for service in SERVICES {
        let output = program(&executable.to_string_lossy(), ".").args(["openapi", service]).output()?;
        if !output.status.success() {
            bail!("`bijou openapi {service}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let path = root().join(format!("contracts/{service}.openapi.json"));
        let before = fs::read(&path).unwrap_or_default();
        if before != output.stdout {
            fs::write(&path, &output.stdout).with_context(|| format!("cannot write {}", path.display()))?;
            say(&format!("contracts/{service}.openapi.json changed"));
        }
    }
    web::dependencies()?;
    shown(program("npm", "web").args(["run", "--silent", "generate"]))
}
