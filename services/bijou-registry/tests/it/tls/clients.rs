//! Our own client by TLS: as whom it is let in, and what it is told where it is not.

use std::error::Error;

use bijou_eureka::{
    Applications, Dial, Discovery, DiscoverySettings, Instance, Registration, RegistryClient, RegistryError, Status,
    tls::{Secure, TlsFiles},
};
use tokio_util::sync::CancellationToken;

use super::*;

/// What connects with trust in this authority, and shows `name`'s certificate or none.
fn dial(authority: &Authority, name: Option<&str>) -> Arc<dyn Dial> {
    let file = |end: &str| name.map_or_else(PathBuf::new, |name| authority.path(&format!("{name}{end}")));
    let files = TlsFiles { ca: authority.path("ca.pem"), certificate: file(".pem"), key: file(".key.pem") };
    Arc::new(Secure::new("registry.client", &files).unwrap())
}

/// A registry that turns away whoever shows no certificate.
fn strict(authority: &Authority, access: Access) -> Site {
    let tls = Tls { client_required: true, ..authority.tls("registry") };
    Site::start_with(Settings { tls, access, ..Settings::default() }, 0)
}

fn url(site: &Site) -> String {
    format!("https://{}/eureka", site.tls_addr.unwrap())
}

fn client(site: &Site, dial: &Arc<dyn Dial>) -> RegistryClient {
    RegistryClient::new_over(&url(site), dial).unwrap()
}

/// Why there is no answer, with everything that caused it.
async fn refusal(url: &str, dial: &Arc<dyn Dial>) -> String {
    let client = RegistryClient::new_over(url, dial).unwrap();
    let error = timeout(PATIENCE, client.applications()).await.unwrap().expect_err("not let in");
    assert!(error.is_about_tls(), "{error:?}");
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    for part in expected {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
}

#[tokio::test]
async fn who_shows_a_certificate_registers_renews_is_seen_follows_changes_and_leaves() {
    let authority = authority();
    let site = strict(&authority, guarded());
    let (dial, stop) = (dial(&authority, Some("orders")), CancellationToken::new());
    let settings = DiscoverySettings { dial: Arc::clone(&dial), ..DiscoverySettings::new(&url(&site)) };
    let discovery = Discovery::start_with(&settings, stop.child_token()).unwrap();
    let instance = Instance::new("orders", "a", "127.0.0.1", "127.0.0.1", 8080).with_lease(1, 30);
    let handle = Registration::start_over(&url(&site), &dial, instance, Some(&discovery), stop.child_token()).unwrap();
    let there = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 1);
    timeout(PATIENCE, there).await.expect("it is seen");

    handle.set_metadata("bijou.playable", "3");
    let told = discovery.wait_for(|snapshot| {
        snapshot.instances("ORDERS").iter().any(|endpoint| endpoint.metadata.contains_key("bijou.playable"))
    });
    timeout(PATIENCE, told).await.expect("the change is told");
    let renewed = async {
        loop {
            let leases = client(&site, &dial).leases().await.unwrap().leases;
            if leases.iter().any(|lease| lease.renewed_ms > lease.registered_ms + 1_000) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, renewed).await.expect("it is renewed");

    handle.deregister().await;
    let gone = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").is_empty());
    timeout(PATIENCE, gone).await.expect("it has left");
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, 404);
    stop.cancel();
}

#[tokio::test]
async fn rules_say_what_the_name_in_a_certificate_may_register_override_and_read() {
    let authority = authority();
    let access = Access {
        callers: vec![
            certified("orders", "orders.test"),
            certified("basket", "spiffe://test/basket"),
            certified("operator", "other.test"),
        ],
        rules: vec![
            rule("orders", &[Right::Register, Right::Read], "ORDERS"),
            rule("basket", &[Right::Register], "BASKET"),
            rule("operator", &[Right::Read, Right::Override], "*"),
        ],
    };
    let site = strict(&authority, access);
    assert_eq!(authority.register(&site, Some("orders"), "ORDERS").await, Some(204));
    assert_eq!(authority.register(&site, Some("basket"), "BASKET").await, Some(204));
    assert_eq!(authority.register(&site, Some("other"), "ORDERS").await, Some(403));

    let [orders, basket, operator] =
        ["orders", "basket", "other"].map(|name| client(&site, &dial(&authority, Some(name))));
    let names = |list: Applications| list.applications.into_iter().map(|app| app.name).collect::<Vec<_>>();
    assert_eq!(names(orders.applications().await.unwrap()), ["ORDERS"]);
    let mut all = names(operator.applications().await.unwrap());
    all.sort();
    assert_eq!(all, ["BASKET", "ORDERS"]);
    assert!(is_forbidden(basket.applications().await));

    let status = Status::OutOfService;
    assert!(is_forbidden(orders.override_status("ORDERS", "a", status, "by itself").await));
    assert!(operator.override_status("ORDERS", "a", status, "a drill").await.unwrap(), "it is there");
    let leases = operator.leases().await.unwrap().leases;
    let overridden = leases.into_iter().find(|lease| lease.app == "ORDERS").unwrap();
    assert_eq!(overridden.overridden_status.as_deref(), Some("OUT_OF_SERVICE"));
    assert_eq!(overridden.override_reason.as_deref(), Some("a drill"));
}

fn is_forbidden<T>(outcome: Result<T, RegistryError>) -> bool {
    matches!(outcome, Err(RegistryError::Refused { status, .. }) if status.as_u16() == 403)
}

#[tokio::test]
async fn who_is_asked_for_a_certificate_and_has_none_is_told_what_to_set() {
    let authority = authority();
    let site = strict(&authority, guarded());
    let address = site.tls_addr.unwrap().to_string();
    // The refusal comes before the request is sent, or after it: neither may hide the reason.
    for _ in 0..20 {
        let text = refusal(&url(&site), &dial(&authority, None)).await;
        says(&text, &[&address, "`registry.client.certificate`", "`registry.client.key`"]);
    }
    // Where one is asked for and may be missing nobody is turned away.
    let open = Site::start_with(Settings { tls: authority.tls("registry"), ..Settings::default() }, 0);
    client(&open, &dial(&authority, None)).applications().await.expect("let in");
}

#[tokio::test]
async fn certificates_of_the_wrong_authority_are_said_by_whose_they_are() {
    let (ours, theirs) = (authority(), authority());
    let site = strict(&ours, guarded());
    let address = site.tls_addr.unwrap().to_string();
    let trusted = theirs.path("ca.pem").display().to_string();
    let text = refusal(&url(&site), &dial(&theirs, None)).await;
    says(&text, &[&address, "`127.0.0.1`", &trusted, "`registry.client.ca`"]);

    // Now they trust this server, and show what their own authority vouches for.
    fs::copy(ours.path("ca.pem"), theirs.path("ca.pem")).unwrap();
    let shown = theirs.path("orders.pem").display().to_string();
    let text = refusal(&url(&site), &dial(&theirs, Some("orders"))).await;
    says(&text, &[&address, &shown, "`registry.tls.client_ca`"]);
}

#[tokio::test]
async fn a_wrong_name_or_port_in_the_address_is_said() {
    let authority = authority();
    let site = strict(&authority, guarded());
    let dial = dial(&authority, Some("orders"));
    let named = format!("https://localhost:{}/eureka", site.tls_addr.unwrap().port());
    says(&refusal(&named, &dial).await, &["`localhost`", "registry.test"]);
    let plain = format!("https://{}/eureka", site.addr);
    says(&refusal(&plain, &dial).await, &[&site.addr.to_string(), "does not answer by TLS"]);
}
