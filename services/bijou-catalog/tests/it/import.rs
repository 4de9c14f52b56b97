//! Imports from files: shown first, applied whole, refused whole.

use std::path::{Path, PathBuf};

use bijou_catalog::import::{ImportError, Mode, Summary, import_file};
use bijou_testkit::{TestService, databases, sqlite_database};
use serde_json::Value;

const TWO: &str = r#"{"id": "m", "name": "M", "year": 1931, "genres": ["Crime"], "certification": "FSK 12"}
{"name": "Metropolis", "year": 1927, "credits": [{"name": "Fritz Lang", "role": "director"}]}
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

async fn import(url: &str, file: &Path, mode: Mode) -> (Result<Summary, ImportError>, String) {
    let mut out = Vec::new();
    let outcome = import_file(url, file, mode, 1_000_000, &mut out).await;
    (outcome, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn a_dry_run_shows_the_changes_and_makes_none() {
    for database in databases().await {
        let folder = Folder::new();
        let file = folder.file("titles.jsonl", TWO);
        for _ in 0..2 {
            let (outcome, shown) = import(&database.url, &file, Mode::DryRun).await;
            assert_eq!(outcome.unwrap().published, 2, "{}", database.engine);
            assert_eq!(
                shown,
                "+ m  M (1931)\n+ metropolis-1927  Metropolis (1927)\n\
                 2 new, 0 changed, 0 withdrawn, 0 as they were. Nothing was changed; run it again with --apply to do so.\n"
            );
        }
    }
}

#[tokio::test]
async fn applying_publishes_then_a_second_file_changes_and_withdraws() {
    for database in databases().await {
        let folder = Folder::new();
        let (outcome, _) = import(&database.url, &folder.file("one.jsonl", TWO), Mode::Apply).await;
        assert_eq!(outcome.unwrap(), Summary { published: 2, ..Summary::default() });

        let second = "{\"id\": \"m\", \"name\": \"M\", \"year\": 1931, \"genres\": [\"Crime\", \"Noir\"], \"certification\": 16}\n\
                      {\"id\": \"metropolis-1927\", \"withdrawn\": true}\n\
                      {\"id\": \"never-was\", \"withdrawn\": true}\n";
        let (outcome, shown) = import(&database.url, &folder.file("two.jsonl", second), Mode::Apply).await;
        assert_eq!(outcome.unwrap(), Summary { updated: 1, withdrawn: 1, unchanged: 1, ..Summary::default() });
        assert_eq!(
            shown,
            "~ m  M (1931)\n    certification_age: 12 -> 16\n    genres: [\"crime\"] -> [\"crime\",\"noir\"]\n\
             - metropolis-1927  Metropolis (1927)\n0 new, 1 changed, 1 withdrawn, 1 as they were.\n"
        );

        let service = TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await;
        let user = service.anonymous();
        let title: Value = user.get("/v1/titles/m").send().await.expect(200).json();
        assert_eq!(title["certification_age"], 16);
        user.get("/v1/titles/metropolis-1927").send().await.expect(404);
        let batch: Value = service.service("recommendations").get("/events").send().await.expect(200).json();
        let told: Vec<(&str, &str)> = batch["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| (event["type"].as_str().unwrap(), event["subject"].as_str().unwrap()))
            .collect();
        let expected = [
            ("title.published", "m"),
            ("title.published", "metropolis-1927"),
            ("title.updated", "m"),
            ("title.withdrawn", "metropolis-1927"),
        ];
        assert_eq!(told, expected, "{}", database.engine);
    }
}

#[tokio::test]
async fn one_wrong_line_and_nothing_is_changed() {
    for database in databases().await {
        let folder = Folder::new();
        let text = format!("{TWO}{{\"name\": \"Soon\", \"year\": 9999}}\n{{\"name\": \"Broken\", \"year\": }}\n");
        let file = folder.file("titles.jsonl", &text);
        let (outcome, shown) = import(&database.url, &file, Mode::Apply).await;
        assert_eq!(outcome.unwrap_err().to_string(), "2 fault(s); nothing was changed");
        let lines: Vec<&str> = shown.lines().map(|line| line.rsplit_once("titles.jsonl: ").unwrap().1).collect();
        assert_eq!(
            lines,
            ["line 3, column 18: 9999 is not between 1870 and 2100", "line 4, column 28: expected value"]
        );
        let (again, _) = import(&database.url, &folder.file("good.jsonl", TWO), Mode::DryRun).await;
        assert_eq!(again.unwrap().published, 2, "nothing was there: {}", database.engine);
    }
}

#[tokio::test]
async fn a_fault_that_only_the_store_can_see_changes_nothing_either() {
    for database in databases().await {
        let folder = Folder::new();
        let show = |id: &str| {
            format!(
                "{{\"id\": \"{id}\", \"name\": \"{id}\", \"year\": 2020, \"seasons\": [{{\"id\": \"shared\", \"number\": 1, \"episodes\": []}}]}}\n"
            )
        };
        import(&database.url, &folder.file("one.jsonl", &show("one")), Mode::Apply).await.0.unwrap();
        let text = format!("{TWO}{}", show("two"));
        let (outcome, _) = import(&database.url, &folder.file("two.jsonl", &text), Mode::Apply).await;
        assert!(matches!(outcome, Err(ImportError::PartTaken)), "{outcome:?}");
        let (again, _) = import(&database.url, &folder.file("good.jsonl", TWO), Mode::DryRun).await;
        assert_eq!(again.unwrap().published, 2, "rolled back: {}", database.engine);
    }
}

#[tokio::test]
async fn a_table_with_a_picture_is_taken() {
    let database = sqlite_database();
    let folder = Folder::new();
    let picture = image::RgbImage::from_pixel(480, 720, image::Rgb([30, 90, 160]));
    picture.save(folder.0.path().join("m.png")).unwrap();
    let file = folder
        .file("titles.csv", "id,name,year,genres,cast,poster\nm,M,1931,Crime|Noir,Peter Lorre as Hans Beckert,m.png\n");
    let (outcome, _) = import(&database.url, &file, Mode::Apply).await;
    assert_eq!(outcome.unwrap(), Summary { published: 1, pictures: 1, ..Summary::default() });
    let (again, _) = import(&database.url, &file, Mode::Apply).await;
    assert_eq!(again.unwrap(), Summary { unchanged: 1, ..Summary::default() }, "the same picture is no change");

    let service = TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await;
    let title: Value = service.anonymous().get("/v1/titles/m").send().await.expect(200).json();
    assert_eq!(title["credits"][0]["character"], "Hans Beckert");
    let url = title["artwork"]["poster"]["url"].as_str().unwrap().to_owned();
    service.anonymous().get(&url).send().await.expect(200);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_refused_before_anything() {
    let database = sqlite_database();
    let folder = Folder::new();
    let missing = import(&database.url, Path::new("/nowhere/titles.jsonl"), Mode::Apply).await.0.unwrap_err();
    assert_eq!(missing.to_string(), "`/nowhere/titles.jsonl` cannot be read");
    let word = import(&database.url, &folder.file("titles.docx", ""), Mode::Apply).await.0.unwrap_err();
    assert!(word.to_string().ends_with("name it by what it is"), "{word}");
    let path = folder.0.path().join("latin1.csv");
    std::fs::write(&path, b"name,year\nAm\xe9lie,2001\n").unwrap();
    let (outcome, shown) = import(&database.url, &path, Mode::Apply).await;
    assert!(matches!(outcome, Err(ImportError::Faults(1))));
    assert!(shown.contains("line 2, column 3: this is not UTF-8"), "{shown}");
}
