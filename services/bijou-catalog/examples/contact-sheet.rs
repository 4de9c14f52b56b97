//! Prints posters side by side, to look at while changing the grammar.
//!
//! `cargo run -p bijou-catalog --example contact-sheet -- out.png [poster|backdrop] < titles.jsonl`, one title a line:
//! `{"id": "..", "name": "..", "year": 1927, "genres": ["noir"], "directors": [".."], "cast": [".."], "motif": ".."}`.

use std::io::{Read as _, Write as _};

use bijou_catalog::document::{Credit, Document, Texts};
use bijou_catalog::images::Role;
use bijou_catalog::posters::Plan;
use bijou_catalog_api::{CreditRole, Kind};
use image::{GenericImage as _, RgbImage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().unwrap_or_else(|| "contact-sheet.png".to_owned());
    let role = arguments.next().and_then(|name| Role::parse(&name)).unwrap_or(Role::Poster);
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;

    let spec = if role == Role::Poster { role.usual() } else { role.specs()[0] };
    let (wide, tall) = (spec.width * 5 / 8, spec.height * 5 / 8);
    let titles: Vec<Document> = input.lines().map(document).collect::<Result<_, _>>()?;
    let columns = if role == Role::Poster { 6 } else { 4 };
    let rows = titles.len().div_ceil(columns) as u32;
    let mut sheet =
        RgbImage::from_pixel(columns as u32 * (wide + 12) + 12, rows * (tall + 12) + 12, image::Rgb([15, 11, 18]));
    let started = std::time::Instant::now();
    for (at, title) in titles.iter().enumerate() {
        let jpeg = Plan::of(title).print(role, spec)?;
        let poster = image::load_from_memory(&jpeg)?.thumbnail_exact(wide, tall).into_rgb8();
        let (column, row) = ((at % columns) as u32, (at / columns) as u32);
        sheet.copy_from(&poster, 12 + column * (wide + 12), 12 + row * (tall + 12))?;
    }
    let took = started.elapsed();
    sheet.save(out)?;
    writeln!(std::io::stdout(), "{} images in {took:?}", titles.len())?;
    Ok(())
}

fn document(line: &str) -> Result<Document, serde_json::Error> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let list = |name: &str| -> Vec<String> { serde_json::from_value(value[name].clone()).unwrap_or_default() };
    let credits = |names: Vec<String>, role| {
        names.into_iter().map(move |name| Credit { person: String::new(), name, role, character: None })
    };
    let texts = Texts { name: text("name"), ..Texts::default() };
    Ok(Document {
        id: text("id"),
        kind: if value["kind"] == "show" { Kind::Show } else { Kind::Movie },
        year: value["year"].as_i64().unwrap_or(1960) as i32,
        certification_age: 0,
        runtime_s: None,
        genres: list("genres").iter().map(|genre| genre.to_lowercase().replace(' ', "-")).collect(),
        moods: Vec::new(),
        language: "en".to_owned(),
        texts: [("en".to_owned(), texts)].into(),
        original_language: None,
        original_name: None,
        credits: credits(list("directors"), CreditRole::Director)
            .chain(credits(list("cast"), CreditRole::Actor))
            .collect(),
        attribution: None,
        license: None,
        seasons: Vec::new(),
        motif: value["motif"].as_str().map(str::to_owned),
        offers: Vec::new(),
        popularity: 0,
    })
}
