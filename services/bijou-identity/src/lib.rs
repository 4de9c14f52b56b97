//! Identity: who somebody is, proved by a password or by somebody who is signed in, and the tokens that say so afterwards.
//!
//! Life of a sign-in: limits on guessing -> one Argon2id computation in a bounded pool, for unknown accounts too ->
//! a session with a refresh token -> an access token, a JWT of ten minutes that the gateway checks by the key set at
//! `/.well-known/jwks.json`. From then on the client trades its refresh token for the next pair at `/oauth/token`.
//!
//! A session begins as the account's as a whole. Which profile uses it is chosen by a token exchange, in which profiles
//! decides ([`household`]) and identity remembers: the session's tokens are that profile's from then on. A television
//! waits with a code until somebody who is signed in approves it; then it has a session like any other.
//!
//! Where things are: `domain` decides on plain values (addresses, passwords, refresh tokens, key schedule); `store` is
//! the only place with SQL; `routes` translates. What several instances must agree on is in the database: accounts,
//! sessions and also the signing keys. What they need not agree on (limits on guessing) is counted by each.
//!
//! `/oauth/*` follows RFC 6749: errors of its own form, unknown parameters ignored. The protocol is ours on small
//! crates; `docs/adr/0004-identity-protocol.md` says why. Deliberately absent so far: e-mail (confirmation, forgotten
//! passwords), passkeys, authorization code grant, DPoP. Access tokens are not looked up anywhere, so they
//! outlive a sign-out by up to their ten minutes.

mod access_token;
mod client_address;
mod clients;
mod clock;
mod config;
mod cookie;
mod demo;
mod device_clients;
mod domain;
mod error;
mod following;
mod guessing;
mod hashing;
mod household;
mod keyring;
mod login;
mod oauth_error;
mod operators;
mod routes;
mod store;
mod tasks;
mod telemetry;
mod told;

use std::sync::Arc;

use bijou_chassis::{BoxError, Context, Service};
use bijou_store::{Database, Migration, outbox};
use utoipa::openapi::OpenApi;

pub use clock::Clock;
pub use config::Config;

use access_token::Issuer;
use clients::Clients;
use device_clients::DeviceClients;
use guessing::Guessing;
use hashing::Hasher;
use household::Household;
use keyring::KeyRing;
use operators::Operators;
use store::Store;
use telemetry::Counts;

/// The role's name.
pub const ROLE: &str = "identity";

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "accounts, sessions, keys", sql: include_str!("store/migrations/0001_accounts.sql") },
    Migration { version: 2, name: "profiles of sessions", sql: include_str!("store/migrations/0002_profiles.sql") },
    Migration { version: 3, name: "device codes", sql: include_str!("store/migrations/0003_device_codes.sql") },
    Migration { version: 4, name: "deleted profiles", sql: include_str!("store/migrations/0004_erasures.sql") },
    Migration { version: 5, name: "partners' apps", sql: include_str!("store/migrations/0005_device_clients.sql") },
];

/// Everything the handlers share.
pub(crate) struct Identity {
    store: Store,
    hasher: Hasher,
    guessing: Guessing,
    issuer: Issuer,
    keys: Arc<KeyRing>,
    clients: Clients,
    device_clients: DeviceClients,
    household: Household,
    operators: Operators,
    clock: Clock,
    config: Config,
    counts: Counts,
}

/// Builds the service on the wall clock.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    service_with(context, Clock::system()).await
}

/// Builds the service on a clock of the caller's: tests move it.
pub async fn service_with(context: Context, clock: Clock) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    config.check()?;
    let counts = Counts::new(&context.metrics);
    let opened = context.readiness.condition("store", "the database is being opened");
    let database = Database::open_all(&context.database_url()?, &[MIGRATIONS, outbox::MIGRATIONS]).await?;
    let store = Store::new(database.clone());
    let hasher = Hasher::new(&config.hashing, counts.clone());
    let keys = Arc::new(KeyRing::new(store.clone(), config.keys.schedule()));
    keys.maintain(clock.now_ms()).await?;
    demo::ensure_account(&store, &hasher, &config.demo_password, clock.now_ms()).await?;
    opened.ready();

    let identity = Arc::new(Identity {
        issuer: Issuer::new(&config.issuer, &config.territory, Arc::clone(&keys)),
        guessing: Guessing::new(&config.guessing),
        clients: Clients::new(&config.clients),
        device_clients: DeviceClients::new(&config.device_clients, &context.client),
        household: Household::new(&context.client),
        operators: Operators::new(&config.operators)?,
        keys: Arc::clone(&keys),
        store: store.clone(),
        hasher,
        clock: clock.clone(),
        config,
        counts,
    });
    let following = following::run(store.clone(), context.client.clone(), clock.clone(), context.shutdown.clone());
    Ok(Service::new(routes::router(identity))
        .with_error_form("/oauth", oauth_error::render_problem)
        .with_task("profiles", following)
        .with_task("signing keys", tasks::maintain_keys(keys, clock.clone(), context.shutdown.clone()))
        .with_task("clearing out", tasks::clear_out(store, clock, context.shutdown.clone()))
        .with_closing(async move { database.close().await }))
}

/// The service's OpenAPI document.
pub fn openapi() -> OpenApi {
    routes::document()
}
