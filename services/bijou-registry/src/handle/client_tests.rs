//! Who is one client to the rate limits: whoever shows who they are, by that; others by their address, whatever they call
//! themselves.

use std::net::IpAddr;

use http::Method;

use crate::{
    in_process::InProcess,
    settings::{Access, AccessRule, Caller, Rate, Right, Settings},
};

#[tokio::test(start_paused = true)]
async fn each_caller_has_a_rate_of_its_own_and_each_address_of_those_who_show_nothing() {
    let caller = |name: &str| Caller { name: name.to_owned(), secret: format!("{name}-secret"), ..Caller::default() };
    let everybody = AccessRule { callers: vec!["*".to_owned()], may: vec![Right::Read], apps: vec!["*".to_owned()] };
    let site = InProcess::start(&Settings {
        // No limit for all together.
        rate: Rate { enabled: true, burst: 3, fetches_per_s: 0, client_fetches_per_s: 1, ..Rate::default() },
        access: Access { callers: vec![caller("orders"), caller("basket")], rules: vec![everybody] },
        ..Settings::default()
    });
    // How many of five lists at once they are given.
    let given = async |from: [u8; 4], name: &str, identity: &str| {
        let token = format!("Bearer {name}-secret");
        let mut headers = vec![("discoveryidentity-name", identity)];
        headers.extend((!name.is_empty()).then_some(("authorization", token.as_str())));
        let mut count = 0;
        for _ in 0..5 {
            let answer = site.ask_from(IpAddr::from(from), Method::GET, "/eureka/apps/delta", &headers, b"").await;
            assert!([200, 503].contains(&answer.status.as_u16()), "{}", answer.status);
            count += usize::from(answer.status == 200);
        }
        count
    };
    assert_eq!(given([10, 4, 0, 7], "", "A").await, 3);
    assert_eq!(given([10, 4, 0, 7], "", "B").await, 0, "another name for itself makes nobody another client");
    assert_eq!(given([10, 4, 0, 8], "", "A").await, 3);
    assert_eq!(given([10, 4, 0, 7], "orders", "A").await, 3);
    assert_eq!(given([10, 4, 0, 9], "orders", "A").await, 0, "a caller is one client from wherever it asks");
    assert_eq!(given([10, 4, 0, 9], "basket", "A").await, 3);
}
