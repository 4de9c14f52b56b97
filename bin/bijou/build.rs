//! Makes a build notice when a web app was built: `rust-embed` reads the folders, cargo does not know of them.

use std::path::Path;

fn main() {
    for app in ["web", "console"] {
        let dist = format!("../../web/apps/{app}/dist");
        // A path that does not exist would make every build start over: then the app's own folder is watched instead.
        let watched = if Path::new(&dist).exists() { dist } else { format!("../../web/apps/{app}") };
        if Path::new(&watched).exists() {
            println!("cargo::rerun-if-changed={watched}");
        }
    }
}
