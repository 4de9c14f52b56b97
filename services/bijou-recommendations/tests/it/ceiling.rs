//! Rows, similar titles and explanations keep the one rule: random catalogues, random people, every way in.
//!
//! The catalog's own walk (`bijou-catalog`, `tests/it/ceiling.rs`) is about lists, search and images; playback has one of
//! its own. The number of queries is small unless `BIJOU_TEST_CEILING_QUERIES` names another; a failure names the seed.

use std::collections::BTreeSet;

use bijou_catalog_api::{Offer, Terms, TitleSummary, Viewer};
use bijou_passport::Claims;
use bijou_testkit::{User, databases, wait_until};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::models::train;
use crate::personal::{is_ready, shelf};
use crate::world::{World, title};

const QUERIES: u64 = 200;
/// So many are asked of one catalogue before there is another.
const QUERIES_OF_ONE: u64 = 5_000;
const TITLES: usize = 40;
/// So many of what may be seen are on a whole page at least, or all: its last row takes them from what is left.
const SHOWN_MIN: usize = 15;
const TERRITORIES: [&str; 3] = ["DE", "FR", "US"];
const AGES: [u8; 6] = [0, 6, 12, 16, 17, 18];
/// Offers begin and end around here.
const START_S: i64 = 1_900_000_000;

fn marker(number: usize) -> String {
    format!("zq{number:03}x")
}

/// A title whose marker is in its id, its name and its genre, and in nothing else.
fn random_title(number: usize, random: &mut StdRng) -> TitleSummary {
    let genre = if random.random_bool(0.3) { format!("genre-{}", marker(number)) } else { "common".to_owned() };
    let mut title = title(&marker(number), &genre);
    title.certification_age = AGES[random.random_range(0..AGES.len())];
    title.playable = random.random_bool(0.8);
    if random.random_bool(0.5) {
        title.offers = (0..random.random_range(1..4)).map(|_| offer(random)).collect();
    }
    title
}

fn offer(random: &mut StdRng) -> Offer {
    let day = |day: i64| Timestamp::from_second(START_S + day * 86_400).expect("a time");
    let from = random.random_range(0..20);
    Offer {
        territory: TERRITORIES[random.random_range(0..TERRITORIES.len())].to_owned(),
        from: random.random_bool(0.7).then(|| day(from)),
        until: random.random_bool(0.7).then(|| day(from + random.random_range(1..10))),
    }
}

/// A shelf of whatever was watched, begun, kept and liked in better days, hidden titles among it.
fn random_shelf(random: &mut StdRng) -> Value {
    let some = |random: &mut StdRng| -> Vec<String> {
        (0..random.random_range(0..8)).map(|_| marker(random.random_range(0..TITLES))).collect()
    };
    let (at, watched) = ("2026-11-21T00:00:00Z", some(random));
    let begun = |id: &String| {
        json!({
            "title_id": id, "position_s": 60.0, "duration_s": 660.0, "fraction": 0.1, "at": at, "next": false,
        })
    };
    let thumb = |id: &String| json!({ "title_id": id, "value": "double_up" });
    shelf(
        &random.random::<u64>().to_string(),
        &watched.iter().map(String::as_str).collect::<Vec<_>>(),
        json!({
            "continue": some(random).iter().map(begun).collect::<Vec<_>>(),
            "list": some(random).iter().map(|id| json!({ "title_id": id, "added_at": at })).collect::<Vec<_>>(),
            "thumbs": some(random).iter().map(thumb).collect::<Vec<_>>(),
            "picks": some(random),
        }),
    )
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

struct Town {
    world: World,
    titles: Vec<TitleSummary>,
    explained: Explained,
}

/// How cards were answered that somebody asked to have explained.
#[derive(Debug, Default, Clone, Copy)]
struct Explained {
    /// In full, since their title may be seen.
    told: u64,
    /// As if there were no such title.
    hidden: u64,
    /// As nobody's, since they were made for the account as a whole.
    foreign: u64,
}

/// Somebody who asks, as of some time.
struct Asking {
    user: User,
    /// Whether it is a profile, and not its account as a whole.
    is_profile: bool,
    viewer: Viewer,
    at: Timestamp,
    as_of: String,
}

impl Explained {
    fn add(&mut self, more: Self) {
        self.told += more.told;
        self.hidden += more.hidden;
        self.foreign += more.foreign;
    }
}

impl Town {
    async fn build(world: World, random: &mut StdRng) -> Self {
        let titles: Vec<TitleSummary> = (0..TITLES).map(|number| random_title(number, random)).collect();
        world.catalog.publish(titles.clone()).await;
        let plays = (0..300)
            .map(|_| (format!("synthetic-{}", random.random_range(0..30)), marker(random.random_range(0..TITLES))));
        world.playback.all_watched(&plays.collect::<Vec<_>>()).await;
        let line = format!("bijou_page_titles {TITLES}");
        wait_until("all titles and plays", async || {
            let metrics = world.service.nobody().get("/metrics").send().await.text();
            metrics.lines().any(|known| known == line) && world.playback.is_heard().await
        })
        .await;
        if random.random_bool(0.8) {
            train(&world, "").await.expect("a model").expect("not skipped");
            wait_until("the model to be in use", async || is_ready(&world, "model").await).await;
        }
        Self { world, titles, explained: Explained::default() }
    }

    /// A random person at a random time, which only an operator can choose; a profile or the account as a whole.
    fn somebody(&self, random: &mut StdRng) -> Asking {
        let maturity = random.random_bool(0.8).then(|| AGES[random.random_range(0..AGES.len())]);
        let territory = random.random_bool(0.8).then(|| TERRITORIES[random.random_range(0..TERRITORIES.len())]);
        let profile = random.random_bool(0.8).then(|| "somebody".to_owned());
        let (is_profile, is_now) = (profile.is_some(), random.random_bool(0.2));
        let at = Timestamp::from_second(START_S + random.random_range(-86_400..31 * 86_400)).expect("a time");
        let user = self.world.service.claims(&Claims {
            profile,
            maturity,
            territory: territory.map(str::to_owned),
            kids: maturity.is_some_and(|age| age <= 6),
            scopes: vec!["viewer".to_owned(), "operator".to_owned()],
            ..Claims::account("acc", ["RECOMMENDATIONS", "PROFILES"])
        });
        Asking {
            user,
            is_profile,
            viewer: Viewer::new(maturity, territory),
            at: if is_now { Timestamp::now() } else { at },
            as_of: if is_now { String::new() } else { format!("as_of={at}") },
        }
    }

    /// One random question, and whether its answer keeps the rule.
    async fn ask(&mut self, random: &mut StdRng) -> Result<(), String> {
        let shelf = random_shelf(random);
        self.world.profiles.set_shelf("somebody", shelf.clone());
        let asking = self.somebody(random);
        let title = &self.titles[random.random_range(0..TITLES)];
        match random.random_range(0..4) {
            0 => {
                let path = format!("/v1/similar/{}?{}", title.id, asking.as_of);
                let answer = asking.user.get(&path).send().await;
                let sees = asking.viewer.may_see(title.terms(), asking.at);
                if (answer.status == 200) != sees {
                    return Err(format!("{path} is {} for {:?}", answer.status, asking.viewer));
                }
                // A refusal repeats the id it was asked for, and nothing else.
                if sees { self.compare(&path, &answer.text(), &asking) } else { Ok(()) }
            }
            1 => self.explain(&asking, &shelf, random).await,
            _ => self.whole_page(&asking, &shelf).await.map(drop),
        }
    }

    /// Every part of the home page; gives its cards, each with its title.
    async fn whole_page(&self, asking: &Asking, shelf: &Value) -> Result<Vec<(String, String)>, String> {
        let (mut cards, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("/v1/home?{}{next}", asking.as_of);
            let answer = asking.user.get(&path).send().await;
            if answer.status != 200 {
                return Err(format!("{path} is {answer:?}"));
            }
            self.compare(&path, &answer.text(), asking)?;
            let page = answer.value();
            let rows = page["rows"].as_array().into_iter().flatten();
            let placed = rows.flat_map(|row| row["items"].as_array().into_iter().flatten()).chain(page.get("hero"));
            cards.extend(placed.map(|card| (text(&card["card"]), text(&card["title_id"]))));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        self.is_full(&cards, asking, shelf).map(|()| cards)
    }

    /// Hiding everything would be no art: what may be seen and was not watched is there, as far as there is room.
    fn is_full(&self, cards: &[(String, String)], asking: &Asking, shelf: &Value) -> Result<(), String> {
        let recent = shelf["recent"].as_array().filter(|_| asking.is_profile);
        let watched: BTreeSet<&str> =
            recent.into_iter().flatten().filter_map(|play| play["title_id"].as_str()).collect();
        let visible = self.titles.iter().filter(|title| asking.viewer.may_see(title.terms(), asking.at));
        let expected: BTreeSet<&str> =
            visible.map(|title| title.id.as_str()).filter(|id| !watched.contains(id)).collect();
        let shown: BTreeSet<&str> = cards.iter().map(|(_, title)| title.as_str()).collect();
        if shown.intersection(&expected).count() < expected.len().min(SHOWN_MIN) {
            return Err(format!("a page for {:?} at {} has {shown:?} of {expected:?}", asking.viewer, asking.at));
        }
        Ok(())
    }

    /// A card from a page of one day, explained to the same person on this one, with a lower ceiling maybe.
    async fn explain(&mut self, asking: &Asking, shelf: &Value, random: &mut StdRng) -> Result<(), String> {
        let cards = self.whole_page(asking, shelf).await?;
        if cards.is_empty() {
            return Ok(());
        }
        let (card, id) = &cards[random.random_range(0..cards.len())];
        let title = self.titles.iter().find(|title| title.id == *id).ok_or_else(|| format!("no title is `{id}`"))?;
        let maturity = AGES[random.random_range(0..AGES.len())];
        let territory = TERRITORIES[random.random_range(0..TERRITORIES.len())];
        let now = Asking {
            user: self.world.service.claims(&Claims {
                profile: Some("somebody".to_owned()),
                maturity: Some(maturity),
                territory: Some(territory.to_owned()),
                scopes: vec!["viewer".to_owned()],
                ..Claims::account("acc", ["RECOMMENDATIONS", "PROFILES"])
            }),
            is_profile: true,
            viewer: Viewer::new(Some(maturity), Some(territory)),
            at: Timestamp::now(),
            as_of: String::new(),
        };
        let path = format!("/v1/explain/{card}");
        let answer = now.user.get(&path).send().await;
        let sees = now.viewer.may_see(title.terms(), now.at);
        let (expected, count) = match (asking.is_profile, sees) {
            (true, true) => ((200, "title_id", id.as_str()), &mut self.explained.told),
            (true, false) => ((404, "code", "title-not-found"), &mut self.explained.hidden),
            (false, _) => ((400, "code", "card-invalid"), &mut self.explained.foreign),
        };
        *count += 1;
        let (status, field, value) = expected;
        if answer.status != status || answer.value()[field] != value {
            return Err(format!("{path} of `{id}` to {:?} is not {expected:?} but {answer:?}", now.viewer));
        }
        self.compare(&path, &answer.text(), &now)
    }

    /// No marker of a hidden title is in the text.
    fn compare(&self, path: &str, text: &str, asking: &Asking) -> Result<(), String> {
        let text = text.to_lowercase();
        let named: BTreeSet<&str> =
            self.titles.iter().map(|title| title.id.as_str()).filter(|marker| text.contains(marker)).collect();
        for title in self.titles.iter().filter(|title| named.contains(title.id.as_str())) {
            let terms = Terms { certification_age: title.certification_age, offers: &title.offers };
            if !asking.viewer.may_see(terms, asking.at) {
                return Err(format!(
                    "{path} names {} to {:?} at {}: from {} {:?}\n{text}",
                    title.id, asking.viewer, asking.at, title.certification_age, title.offers
                ));
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_finds_a_way_round_ceiling_and_offers() {
    let queries = bijou_config::variable("BIJOU_TEST_CEILING_QUERIES");
    let queries: u64 = queries.map_or(QUERIES, |count| count.parse().expect("a number of queries"));
    let seed = bijou_testkit::seed();
    let mut random = StdRng::seed_from_u64(seed);
    let (mut asked, mut explained) = (0, Explained::default());
    while asked < queries {
        for database in databases().await {
            let engine = database.engine;
            let mut town = Town::build(World::on(database).await, &mut random).await;
            for _ in 0..queries.min(QUERIES_OF_ONE) {
                if let Err(fault) = town.ask(&mut random).await {
                    panic!("after {asked} queries of seed {seed} on {engine}: {fault}");
                }
                asked += 1;
            }
            explained.add(town.explained);
        }
    }
    // A walk that met nothing of a kind proves nothing of it. A few queries may; these many meet all of them.
    let met_all = explained.told > 0 && explained.hidden > 0 && explained.foreign > 0;
    assert!(met_all || queries < QUERIES, "seed {seed}: {explained:?}");
}
