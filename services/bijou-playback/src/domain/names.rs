//! Matches file names with titles: what a file calls itself, and which known title that most likely is.
//!
//! A guess is only taken when it is clearly better than the next one; otherwise people choose. Folder names, embedded
//! tags and checksums are not looked at.

/// A title that files may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownTitle {
    pub id: String,
    pub name: String,
    pub year: Option<u16>,
    /// Empty for a film.
    pub episodes: Vec<KnownEpisode>,
}

/// One episode of a show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEpisode {
    pub id: String,
    pub season: u32,
    pub number: u32,
}

/// What a file name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// In lower case, words separated by one blank, accents folded.
    pub name: String,
    pub year: Option<u16>,
    /// Season and number.
    pub episode: Option<(u32, u32)>,
}

/// What was found for a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Match {
    Found {
        title_id: String,
        episode_id: Option<String>,
        name: String,
        score: f64,
    },
    /// Several titles fit about equally well; best first.
    Ambiguous(Vec<String>),
    /// The show is known, but this episode of it is not.
    NoSuchEpisode {
        title_id: String,
        season: u32,
        number: u32,
    },
    Nothing,
}

/// Below this similarity nothing is found.
const SCORE_MIN: f64 = 0.80;

/// A best guess has to be this much better than the second.
const LEAD_MIN: f64 = 0.04;

/// Words that release groups put behind the name: the name ends at the first.
const RELEASE_WORDS: [&str; 30] = [
    "2160p",
    "1440p",
    "1080p",
    "1080i",
    "720p",
    "576p",
    "480p",
    "360p",
    "4k",
    "uhd",
    "hdr",
    "bluray",
    "brrip",
    "bdrip",
    "web",
    "webrip",
    "webdl",
    "hdtv",
    "dvdrip",
    "dvd",
    "remux",
    "x264",
    "x265",
    "h264",
    "h265",
    "hevc",
    "aac",
    "dts",
    "proper",
    "remastered",
];

/// Reads a file name without its folder.
pub fn parse(file_name: &str) -> Named {
    let stem = match file_name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 4 && !stem.is_empty() => stem,
        _ => file_name,
    };
    let words = words(stem);
    let mut name: Vec<&str> = Vec::new();
    let (mut year, mut episode) = (None, None);
    for (index, word) in words.iter().enumerate() {
        if let Some(found) = episode_mark(word) {
            episode = Some(found);
            break;
        }
        // A film may be called "2012" or "1917": the first word is never its year.
        if let Some(found) = year_mark(word).filter(|_| index > 0) {
            year = Some(found);
            // "Blade Runner 2049 (2017)": the last year before a release word counts, the name runs up to it.
            if words[index + 1..].iter().all(|later| year_mark(later).is_none()) {
                break;
            }
        } else if RELEASE_WORDS.contains(&word.as_str()) {
            break;
        }
        name.push(word);
    }
    Named { name: name.join(" "), year, episode }
}

/// Finds the title for a file name.
pub fn find(file_name: &str, titles: &[KnownTitle]) -> Match {
    let named = parse(file_name);
    if named.name.is_empty() {
        return Match::Nothing;
    }
    let mut scored: Vec<(f64, &KnownTitle)> = titles
        .iter()
        .filter(|title| named.episode.is_some() != title.episodes.is_empty())
        .map(|title| (score(&named, title), title))
        .filter(|(score, _)| *score >= SCORE_MIN)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let Some(&(best, title)) = scored.first() else {
        return Match::Nothing;
    };
    if scored.get(1).is_some_and(|(second, _)| best - second < LEAD_MIN) {
        let rivals = scored.iter().take_while(|(score, _)| best - score < LEAD_MIN);
        return Match::Ambiguous(rivals.take(5).map(|(_, title)| title.id.clone()).collect());
    }
    let episode_id = match named.episode {
        None => None,
        Some((season, number)) => {
            match title.episodes.iter().find(|episode| (episode.season, episode.number) == (season, number)) {
                Some(episode) => Some(episode.id.clone()),
                None => return Match::NoSuchEpisode { title_id: title.id.clone(), season, number },
            }
        }
    };
    Match::Found { title_id: title.id.clone(), episode_id, name: title.name.clone(), score: best }
}

/// Similarity from 0 to 1. The year decides between remakes: it costs more to be wrong about it than it gives to be right.
fn score(named: &Named, title: &KnownTitle) -> f64 {
    let known = words(&title.name).join(" ");
    let similarity = strsim::normalized_damerau_levenshtein(without_article(&named.name), without_article(&known));
    let year = match (named.year, title.year) {
        (Some(given), Some(known)) if given == known => 0.0,
        (Some(given), Some(known)) if given.abs_diff(known) == 1 => 0.03,
        (Some(_), Some(_)) => 0.25,
        _ => 0.02,
    };
    similarity - year
}

/// "The General" is also filed as "General, The".
fn without_article(name: &str) -> &str {
    let leading = ["the ", "a ", "an "].iter().find_map(|article| name.strip_prefix(article));
    leading.or_else(|| name.strip_suffix(" the")).unwrap_or(name)
}

/// Words in lower case with accents folded; everything that is no letter or digit separates.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars().flat_map(char::to_lowercase) {
        if let Some(plain) = fold(letter) {
            if let Some(word) = words.last_mut() {
                word.push_str(plain);
            }
        } else if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        } else if letter != '\'' && letter != '’' && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The plain letters for the accented ones of western and central Europe, and `and` for `&`.
fn fold(letter: char) -> Option<&'static str> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ó' | 'ò' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ř' => "r",
        'š' | 'ś' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'ú' | 'ù' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' | 'ż' => "z",
        '&' => "and",
        _ => return None,
    })
}

fn year_mark(word: &str) -> Option<u16> {
    let year: u16 = (word.len() == 4).then(|| word.parse().ok())??;
    (1888..=2099).contains(&year).then_some(year)
}

/// `s01e02` or `1x02`.
fn episode_mark(word: &str) -> Option<(u32, u32)> {
    let (season, number) = match word.strip_prefix('s') {
        Some(rest) => rest.split_once('e')?,
        None => word.split_once('x')?,
    };
    let small = |text: &str| -> Option<u32> { (1..=3).contains(&text.len()).then(|| text.parse().ok())? };
    Some((small(season)?, small(number)?))
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
