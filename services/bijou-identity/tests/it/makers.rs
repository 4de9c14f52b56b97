//! A stand-in for partners: apps that television makers have made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bijou_partners_api::DeviceClient;
use http::StatusCode;

/// Apps by id, shared with the stand-in.
#[derive(Clone, Default)]
pub struct Makers(Arc<Mutex<Shop>>);

#[derive(Default)]
struct Shop {
    apps: BTreeMap<String, DeviceClient>,
    is_away: bool,
    asked: usize,
}

impl Makers {
    /// An app, in production unless it is for one account only.
    pub fn put(&self, id: &str, name: &str, only_account: Option<&str>) {
        let only_account_id = only_account.map(str::to_owned);
        let app = DeviceClient { client_id: id.to_owned(), name: name.to_owned(), only_account_id };
        self.0.lock().expect("nothing panics while it is held").apps.insert(id.to_owned(), app);
    }

    /// An operator stops an app, or its developer removes it.
    pub fn stop(&self, id: &str) {
        self.0.lock().expect("nothing panics while it is held").apps.remove(id);
    }

    /// Whether it fails instead of answering.
    pub fn set_away(&self, is_away: bool) {
        self.0.lock().expect("nothing panics while it is held").is_away = is_away;
    }

    /// Questions so far.
    pub fn asked(&self) -> usize {
        self.0.lock().expect("nothing panics while it is held").asked
    }

    pub fn routes(&self) -> Router {
        Router::new().route("/v1/device-clients/{id}", get(device_client)).with_state(self.clone())
    }
}

async fn device_client(State(makers): State<Makers>, Path(id): Path<String>) -> Response {
    let mut shop = makers.0.lock().expect("nothing panics while it is held");
    shop.asked += 1;
    if shop.is_away {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    shop.apps.get(&id).map_or_else(|| StatusCode::NOT_FOUND.into_response(), |app| Json(app.clone()).into_response())
}
