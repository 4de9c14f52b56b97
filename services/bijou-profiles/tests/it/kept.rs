//! My list, thumbs and picks.

use serde_json::json;

use crate::world::{texts, world, worlds};

#[tokio::test]
async fn a_title_is_on_the_list_once_the_newest_first() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        for title in ["one", "two", "one", "three"] {
            ada.put(&format!("/v1/me/list/{title}")).send().await.expect(204);
            world.time.pass_s(1);
        }
        let list = ada.get("/v1/me/list").send().await.expect(200);
        assert_eq!(texts(&list.value(), "title_id"), ["three", "two", "one"]);
        ada.get("/v1/me/list").header("if-none-match", list.header("etag")).send().await.expect(304);
        ada.delete("/v1/me/list/two").send().await.expect(204);
        ada.delete("/v1/me/list/two").send().await.expect(204);
        let page = ada.get("/v1/me/list?limit=1").send().await.expect(200).value();
        let next = page["next"].as_str().expect("there is more");
        let rest = ada.get(&format!("/v1/me/list?limit=1&cursor={next}")).send().await.expect(200).value();
        assert_eq!((texts(&page, "title_id"), texts(&rest, "title_id")), (vec!["three".into()], vec!["one".into()]));
        assert!(rest.get("next").is_none());
    }
}

#[tokio::test]
async fn a_verdict_is_changed_and_taken_back() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        for value in ["up", "double_up", "down"] {
            let path = "/v1/me/thumbs/film";
            ada.put(path).json(&json!({ "value": value })).send().await.expect(204);
            let thumbs = ada.get("/v1/me/thumbs").send().await.expect(200).value();
            assert_eq!(thumbs["items"], json!([{ "title_id": "film", "value": value }]));
        }
        ada.put("/v1/me/thumbs/film")
            .json(&json!({ "value": "sideways" }))
            .send()
            .await
            .expect_problem(422, "json-invalid");
        ada.delete("/v1/me/thumbs/film").send().await.expect(204);
        assert_eq!(ada.get("/v1/me/thumbs").send().await.expect(200).value()["items"], json!([]));
    }
}

#[tokio::test]
async fn lists_have_an_end() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    for n in 0..500 {
        ada.put(&format!("/v1/me/list/t{n}")).send().await.expect(204);
    }
    ada.put("/v1/me/list/one-more").send().await.expect_problem(409, "list-full");
    // One that is there is not one more.
    ada.put("/v1/me/list/t7").send().await.expect(204);
    let long = "x".repeat(201);
    ada.put(&format!("/v1/me/list/{long}")).send().await.expect_problem(422, "profile-invalid");
}

#[tokio::test]
async fn others_hear_of_what_is_kept_and_thought() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        ada.put("/v1/me/list/film").send().await.expect(204);
        ada.put("/v1/me/list/film").send().await.expect(204);
        ada.put("/v1/me/thumbs/film").json(&json!({ "value": "up" })).send().await.expect(204);
        ada.delete("/v1/me/thumbs/film").send().await.expect(204);
        ada.delete("/v1/me/list/film").send().await.expect(204);
        let events = world.service.service("recommendations").get("/events").send().await.expect(200).value();
        assert_eq!(
            texts(&events, "type"),
            ["profile.created", "list.changed", "thumb.set", "thumb.set", "list.changed"]
        );
        assert!(texts(&events, "subject").iter().all(|subject| *subject == id));
        let data = |n: usize| events["items"][n]["data"].clone();
        assert_eq!(data(1), json!({ "profile_id": id, "title_id": "film", "listed": true }));
        assert_eq!(data(2), json!({ "profile_id": id, "title_id": "film", "value": "up" }));
        assert_eq!(data(3), json!({ "profile_id": id, "title_id": "film" }));
        ada.get("/events").send().await.expect_problem(403, "service-only");
    }
}

#[tokio::test]
async fn picks_replace_those_before() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    for picks in [json!(["a", "b", "a"]), json!(["c"])] {
        ada.put("/v1/me/picks").json(&json!({ "title_ids": picks })).send().await.expect(204);
    }
    assert_eq!(ada.get("/v1/me/shelf").send().await.expect(200).value()["picks"], json!(["c"]));
    let many: Vec<_> = (0..11).map(|n| n.to_string()).collect();
    let refused = ada.put("/v1/me/picks").json(&json!({ "title_ids": many })).send().await;
    assert_eq!(refused.expect_problem(422, "profile-invalid").extra["path"], "title_ids");
}
