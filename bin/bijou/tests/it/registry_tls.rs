//! A registry that demands client certificates: roles register there and `bijou registry` looks into it, or says what is missing.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, SanType};

use crate::platform::{bijou, output, wait_for};

/// Ended when dropped.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn authority(folder: &Path, name: &str) -> Certificate {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let authority = Certificate::from_params(params).unwrap();
    fs::write(folder.join(format!("{name}.pem")), authority.serialize_pem().unwrap()).unwrap();
    authority
}

fn vouch(folder: &Path, authority: &Certificate, name: &str, names: Vec<SanType>) {
    let mut params = CertificateParams::default();
    params.subject_alt_names = names;
    let certificate = Certificate::from_params(params).unwrap();
    let signed = certificate.serialize_pem_with_signer(authority).unwrap();
    fs::write(folder.join(format!("{name}.pem")), signed).unwrap();
    fs::write(folder.join(format!("{name}.key.pem")), certificate.serialize_private_key_pem()).unwrap();
}

#[test]
fn roles_and_commands_reach_a_registry_that_demands_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let ca = authority(folder.path(), "ca");
    authority(folder.path(), "elsewhere");
    vouch(folder.path(), &ca, "registry", vec![SanType::IpAddress([127, 0, 0, 1].into())]);
    vouch(folder.path(), &ca, "ours", vec![SanType::DnsName("ours.test".to_owned())]);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (ca, ours, ours_key) = (file("ca.pem"), file("ours.pem"), file("ours.key.pem"));

    let places = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [plain, secure] = places.map(|place| place.local_addr().unwrap().to_string());
    let url = format!("https://{secure}/eureka");
    let run = |role: &str, listen: &str, settings: &[(&str, &str)]| {
        let mut command = bijou();
        command.args(["run", role, "--listen", listen, "--log", "warn", "--data", &file(role)]);
        Running::start(command.envs(settings.iter().copied()))
    };
    let _registry = run(
        "registry",
        &plain,
        &[
            ("BIJOU_REGISTRY__TLS__LISTEN", &secure),
            ("BIJOU_REGISTRY__TLS__CERTIFICATE", &file("registry.pem")),
            ("BIJOU_REGISTRY__TLS__KEY", &file("registry.key.pem")),
            ("BIJOU_REGISTRY__TLS__CLIENT_CA", &ca),
            ("BIJOU_REGISTRY__TLS__CLIENT_REQUIRED", "true"),
        ],
    );
    wait_for("the registry", Duration::from_secs(20), || TcpStream::connect(&secure).is_ok());
    let as_ours: [(&str, &str); 4] = [
        ("BIJOU_REGISTRY__URL", url.as_str()),
        ("BIJOU_REGISTRY__CLIENT__CA", &ca),
        ("BIJOU_REGISTRY__CLIENT__CERTIFICATE", &ours),
        ("BIJOU_REGISTRY__CLIENT__KEY", &ours_key),
    ];
    // Most roles connect by what they have in common, the gateway by itself.
    let _roles = ["profiles", "gateway"].map(|role| run(role, "127.0.0.1:0", &as_ours));

    let said = |command: &mut Command| {
        let (output, errors) = output(command);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    };
    wait_for("the roles", Duration::from_mins(1), || {
        let (_, text) = said(bijou().args(["registry", "ls"]).envs(as_ours));
        text.contains("PROFILES") && text.contains("GATEWAY")
    });
    let with = |flags: &[&str]| said(bijou().args(["registry", "--url", &url]).args(flags).arg("ls"));
    let (code, text) = with(&["--ca", &ca, "--certificate", &ours, "--key", &ours_key]);
    assert!(code == Some(0) && text.contains("PROFILES"), "{text}");

    let (code, text) = with(&["--ca", &ca]);
    assert!(code == Some(1) && text.contains(&secure) && text.contains("`registry.client.certificate`"), "{text}");
    assert!(text.contains("--certificate") && !text.contains("is the registry running"), "{text}");
    let (code, text) = with(&["--ca", &file("elsewhere.pem")]);
    assert!(code == Some(1) && text.contains("elsewhere.pem") && text.contains("`registry.client.ca`"), "{text}");
    let (code, text) = with(&["--ca", &file("none.pem")]);
    assert!(code == Some(2) && text.contains("none.pem") && text.contains("`registry.client.ca`"), "{text}");
    let (code, text) = with(&["--ca", &ca, "--certificate", &ours]);
    assert!(code == Some(2) && text.contains("`registry.client.key` is needed"), "{text}");
}
