//! A child sees what a child may see, everywhere: random catalogues, random viewers, every way in.
//!
//! Each answer is held against the one rule (`Viewer::may_see`) from the outside: whatever text comes back must name no
//! title, person, season or episode that the rule hides, and what the rule shows must be there. The number of queries is
//! small unless `BIJOU_TEST_CEILING_QUERIES` names another (a million takes its time); a failure names the seed.
//!
//! Several ask at once, each with a seed of their own: what one asks does not depend on when the others get their turn.

use std::collections::BTreeSet;
use std::sync::Arc;

use bijou_catalog::import::{Mode, import_file};
use bijou_catalog_api::{Offer, Terms, Territory, Viewer};
use bijou_passport::Claims;
use bijou_testkit::{TestDatabase, TestService, User, databases, wait_until};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

const QUERIES: u64 = 300;
/// So many are asked of one catalogue before there is another.
const QUERIES_OF_ONE: u64 = 20_000;
/// So many ask at once, and each so much as one viewer before they are another.
const ASKING: u64 = 4;
const QUERIES_OF_VIEWER: u64 = 8;
const TITLES: usize = 40;
const TERRITORIES: [&str; 3] = ["DE", "FR", "US"];
const AGES: [u8; 6] = [0, 6, 12, 16, 17, 18];

/// A title as the test knows it. Its marker is in its ids and names and in nothing else.
struct Title {
    marker: String,
    age: u8,
    offers: Vec<Offer>,
    is_show: bool,
    poster: String,
}

impl Title {
    fn random(number: usize, random: &mut StdRng) -> Self {
        let offers = if random.random_bool(0.5) {
            Vec::new()
        } else {
            (0..random.random_range(1..4)).map(|_| offer(random)).collect()
        };
        Self {
            marker: format!("zq{number:03}x"),
            age: AGES[random.random_range(0..AGES.len())],
            offers,
            is_show: random.random_bool(0.3),
            poster: String::new(),
        }
    }

    /// One of five people; the title's own writer; a genre of its own.
    fn line(&self, number: usize) -> String {
        let m = &self.marker;
        let mut line = json!({
            "id": m, "name": format!("Film {m}"), "year": 1950 + number, "certification": self.age,
            "genres": [format!("genre-{m}"), "Common"],
            "credits": [{ "name": format!("Person {}", number % 5), "role": "actor" }, { "name": format!("Writer {m}"), "role": "writer" }],
            "offers": self.offers,
        });
        if self.is_show {
            line["kind"] = json!("show");
            line["seasons"] = json!([{ "number": 1, "episodes": [{ "number": 1, "name": format!("One {m}") }, { "number": 2, "name": format!("Two {m}") }] }]);
        }
        line.to_string()
    }
}

fn offer(random: &mut StdRng) -> Offer {
    let territory = TERRITORIES[random.random_range(0..TERRITORIES.len())].to_owned();
    let day = |day: i64| Timestamp::from_second(1_900_000_000 + day * 86_400).unwrap();
    let from = random.random_range(0..20);
    Offer {
        territory,
        from: random.random_bool(0.7).then(|| day(from)),
        until: random.random_bool(0.7).then(|| day(from + random.random_range(1..10))),
    }
}

struct Town {
    service: TestService,
    titles: Vec<Title>,
    _database: TestDatabase,
}

impl Town {
    async fn build(database: TestDatabase, random: &mut StdRng) -> Self {
        let mut titles: Vec<Title> = (0..TITLES).map(|number| Title::random(number, random)).collect();
        let lines: Vec<String> = titles.iter().enumerate().map(|(number, title)| title.line(number)).collect();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("titles.jsonl");
        std::fs::write(&file, lines.join("\n")).unwrap();
        import_file(&database.url, &file, Mode::Apply, 1_000_000, &mut std::io::sink()).await.unwrap();
        let service = TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await;
        wait_until("the index", async || service.anonymous().get("/v1/search?q=x").send().await.status == 200).await;
        let all: Value = service.service("playback").get("/v1/titles?limit=100").send().await.expect(200).json();
        for title in &mut titles {
            let found =
                all["items"].as_array().unwrap().iter().find(|item| item["id"] == title.marker.as_str()).unwrap();
            title.poster = found["artwork"]["poster"]["url"].as_str().unwrap().to_owned();
        }
        Self { service, titles, _database: database }
    }

    /// A random viewer.
    fn viewer(&self, random: &mut StdRng) -> (User, Viewer) {
        let maturity = random.random_bool(0.8).then(|| AGES[random.random_range(0..AGES.len())]);
        let territory = random.random_bool(0.8).then(|| TERRITORIES[random.random_range(0..TERRITORIES.len())]);
        let user = self.service.claims(&Claims {
            maturity,
            territory: territory.map(str::to_owned),
            kids: maturity.is_some_and(|age| age <= 6),
            scopes: vec!["viewer".to_owned(), "operator".to_owned()],
            ..Claims::account("a1", ["CATALOG"])
        });
        (user, Viewer::new(maturity, territory))
    }

    /// Somebody like this who is no operator.
    fn viewer_like(&self, viewer: &Viewer) -> User {
        let territory = match &viewer.territory {
            Territory::In(country) => Some(country.clone()),
            Territory::Unknown | Territory::Everywhere => None,
        };
        self.service.claims(&Claims {
            maturity: viewer.maturity,
            territory,
            scopes: vec!["viewer".to_owned()],
            ..Claims::account("a1", ["CATALOG"])
        })
    }

    /// So many random questions.
    async fn ask_many(&self, queries: u64, random: &mut StdRng) -> Result<(), String> {
        let (mut user, mut viewer) = self.viewer(random);
        for asked in 1..=queries {
            self.ask(&user, &viewer, random).await.map_err(|fault| format!("after {asked} queries: {fault}"))?;
            if asked % QUERIES_OF_VIEWER == 0 {
                (user, viewer) = self.viewer(random);
            }
        }
        Ok(())
    }

    /// One random question at a random time, which only an operator can choose, and whether its answer keeps the rule.
    async fn ask(&self, user: &User, viewer: &Viewer, random: &mut StdRng) -> Result<(), String> {
        let at = Timestamp::from_second(1_900_000_000 + random.random_range(-86_400..31 * 86_400)).unwrap();
        let as_of = format!("as_of={at}");
        let may_see = |title: &Title| viewer.may_see(Terms { certification_age: title.age, offers: &title.offers }, at);
        let title = &self.titles[random.random_range(0..TITLES)];
        let m = &title.marker;
        let (path, is_about_one) = match random.random_range(0..18) {
            0 => (format!("/v1/titles/{m}?{as_of}"), true),
            1 => (format!("/v1/titles?limit=100&{as_of}"), false),
            2 => (format!("/v1/titles?ids={m},{}&{as_of}", self.titles[0].marker), false),
            3 => (format!("/v1/titles?genre=genre-{m}&{as_of}"), false),
            4 => (format!("/v1/titles?sort=name&age_max=18&limit=7&{as_of}"), false),
            5 => (format!("/v1/shows/{m}/seasons?{as_of}"), title.is_show),
            6 => (format!("/v1/seasons/{m}-s1/episodes?{as_of}"), title.is_show),
            7 => (format!("/v1/episodes/{m}-s1e1?{as_of}"), title.is_show),
            8 => (format!("/v1/people/writer-{m}?{as_of}"), true),
            9 => (format!("/v1/people/person-{}?{as_of}", random.random_range(0..5)), false),
            10 => (format!("/v1/genres?{as_of}"), false),
            11 => (format!("/v1/search?q=film+{m}&{as_of}"), false),
            12 => (format!("/v1/search?q=person+{}&limit=100&{as_of}", random.random_range(0..5)), false),
            13 => (format!("/v1/search?q=writer+{}&limit=100&{as_of}", &m[..4]), false),
            14 => (format!("/v1/search?q=film&genre=common&limit=100&{as_of}"), false),
            15 | 16 => {
                let typed = ["film", "writer", "person", "genre", m.as_str()][random.random_range(0..5)];
                (format!("/v1/search/suggestions?q={typed}&{as_of}"), false)
            }
            _ => {
                // Images are always of now: nothing with an end or a beginning is there yet.
                return self.ask_for_image(user, viewer, title, random).await;
            }
        };
        let answer = user.get(&path).send().await;
        if is_about_one && (answer.status == 200) != may_see(title) {
            return Err(format!(
                "{path} is {} for {viewer:?}, title from {} {:?}",
                answer.status, title.age, title.offers
            ));
        }
        // A refusal repeats the id it was asked for, and nothing else.
        if answer.status == 404 {
            return Ok(());
        }
        self.compare(&path, &answer.text(), viewer, at)
    }

    async fn ask_for_image(
        &self,
        user: &User,
        viewer: &Viewer,
        title: &Title,
        random: &mut StdRng,
    ) -> Result<(), String> {
        let now = Timestamp::now();
        if random.random_bool(0.2) {
            // A page without a token knows no picture but those it was shown.
            let guess = format!("{:016x}{:016x}", random.random::<u64>(), random.random::<u64>());
            let name = title.poster.rsplit_once('/').unwrap().1;
            let other = self.titles[random.random_range(0..TITLES)].poster.rsplit_once('/').unwrap().1;
            let name =
                [format!("{guess}.jpg"), format!("{}{}", &name[..16], &other[16..])][random.random_range(0..2)].clone();
            let path = title.poster.replace(title.poster.rsplit_once('/').unwrap().1, &name);
            let is_own = path == title.poster;
            let status = self.service.anonymous().get(&path).send().await.status;
            return if is_own || status == 404 { Ok(()) } else { Err(format!("{path} was guessed: {status}")) };
        }
        // An operator may look as of any time from anywhere, and a picture's URL does not say which.
        let is_operator = random.random_bool(0.3);
        let asks = if is_operator { user.clone() } else { self.viewer_like(viewer) };
        let offers = if is_operator { &[] } else { title.offers.as_slice() };
        let sees = viewer.may_see(Terms { certification_age: title.age, offers }, now);
        let answer = asks.get(&title.poster).send().await;
        let is_there = answer.status == 200;
        if is_there == sees { Ok(()) } else { Err(format!("{} is {}", title.poster, answer.status)) }
    }

    /// No marker of a hidden title is in the text.
    fn compare(&self, path: &str, text: &str, viewer: &Viewer, at: Timestamp) -> Result<(), String> {
        let named: BTreeSet<&str> =
            self.titles.iter().map(|title| title.marker.as_str()).filter(|marker| text.contains(marker)).collect();
        for title in self.titles.iter().filter(|title| named.contains(title.marker.as_str())) {
            if !viewer.may_see(Terms { certification_age: title.age, offers: &title.offers }, at) {
                return Err(format!(
                    "{path} names {} to {viewer:?} at {at}: from {} {:?}",
                    title.marker, title.age, title.offers
                ));
            }
        }
        // What is listed whole is complete, too: hiding everything would be no art.
        if path.starts_with("/v1/titles?limit=100") || path.starts_with("/v1/genres") || path.contains("q=film&genre") {
            let visible = self
                .titles
                .iter()
                .filter(|title| viewer.may_see(Terms { certification_age: title.age, offers: &title.offers }, at));
            let expected: BTreeSet<&str> = visible.map(|title| title.marker.as_str()).collect();
            if named != expected {
                return Err(format!("{path} names {named:?} to {viewer:?} at {at}, and there are {expected:?}"));
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_query_finds_a_way_round_ceiling_and_offers() {
    let queries = bijou_config::variable("BIJOU_TEST_CEILING_QUERIES");
    let queries: u64 = queries.map_or(QUERIES, |count| count.parse().expect("a number of queries"));
    let seed = bijou_testkit::seed();
    let mut random = StdRng::seed_from_u64(seed);
    let mut asked = 0;
    while asked < queries {
        for database in databases().await {
            let engine = database.engine;
            let town = Arc::new(Town::build(database, &mut random).await);
            let each = queries.min(QUERIES_OF_ONE).div_ceil(ASKING);
            let asking: Vec<_> = (0..ASKING)
                .map(|_| {
                    let (town, mut random) = (Arc::clone(&town), StdRng::seed_from_u64(random.random()));
                    tokio::spawn(async move { town.ask_many(each, &mut random).await })
                })
                .collect();
            for asker in asking {
                if let Err(fault) = asker.await.unwrap() {
                    panic!("seed {seed} on {engine}: {fault}");
                }
                asked += each;
            }
        }
    }
}
