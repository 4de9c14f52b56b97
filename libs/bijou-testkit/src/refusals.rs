//! The rule every service obeys: nothing without a valid passport for itself.

use http::Method;

use crate::TestService;

/// Calls an operation directly with no passport, a forged one, an expired one, another service's, and one a service
/// signed about an account; each must be answered 401 with its code before anything else is looked at.
pub async fn assert_refuses_strangers(service: &TestService, method: Method, path: &str) {
    let passports = &service.passports;
    let cases = [
        (service.nobody(), "passport-missing"),
        (service.token("not a token"), "passport-invalid"),
        (service.token(&passports.forged()), "passport-invalid"),
        (service.token(&passports.overreaching()), "passport-invalid"),
        (service.token(&passports.expired()), "passport-expired"),
        (service.token(&passports.for_another_audience()), "passport-wrong-audience"),
    ];
    for (stranger, code) in cases {
        stranger.request(method.clone(), path).send().await.expect_problem(401, code);
    }
}
