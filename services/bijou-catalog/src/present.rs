//! Stored titles as they travel: texts in the reader's language, genres with names, images with URLs.

use std::collections::{BTreeMap, HashMap};

use bijou_catalog_api as wire;
use jiff::Timestamp;

use crate::document::{ByLanguage, Document, Episode, EpisodePlace, Season, Texts};
use crate::domain::language::Preferences;
use crate::images::{Role, Seals, image_of};
use crate::posters::Plan;
use crate::store::{ArtworkRow, Title};

/// Names of all genres, by id and language.
pub type Genres = HashMap<String, BTreeMap<String, String>>;

/// What a page of titles is written with: one per answer.
pub struct Presenter<'a> {
    pub genres: &'a Genres,
    pub reader: &'a Preferences,
    pub viewer: &'a wire::Viewer,
    pub seals: &'a Seals,
    /// Real artwork, by subject and role.
    pub artwork: HashMap<(String, String), ArtworkRow>,
}

impl Presenter<'_> {
    pub fn summary(&self, title: &Title) -> wire::TitleSummary {
        let document = &title.document;
        let (_, texts) = self.texts(document);
        wire::TitleSummary {
            id: document.id.clone(),
            kind: document.kind,
            name: texts.name.clone(),
            year: document.year,
            genres: document.genres.iter().map(|id| self.genre(id)).collect(),
            certification_age: document.certification_age,
            runtime_s: runtime_s(title),
            synopsis_short: texts.synopsis_short.clone().or_else(|| texts.synopsis.as_deref().map(first_sentence)),
            playable: title.playable,
            artwork: wire::Artwork {
                poster: self.image(document, &document.id, Role::Poster),
                backdrop: self.image(document, &document.id, Role::Backdrop),
            },
            added_at: Timestamp::from_millisecond(title.added_ms).unwrap_or_default(),
            offers: self.offers(document),
        }
    }

    pub fn title(&self, title: &Title) -> wire::Title {
        let document = &title.document;
        let (language, texts) = self.texts(document);
        let is_show = document.kind == wire::Kind::Show;
        wire::Title {
            summary: self.summary(title),
            original_name: document.original_name.clone().filter(|name| *name != texts.name),
            moods: document.moods.clone(),
            synopsis: texts.synopsis.clone().or_else(|| texts.synopsis_short.clone()),
            tagline: texts.tagline.clone(),
            original_language: document.original_language.clone(),
            language: language.to_owned(),
            credits: document.credits.iter().map(credit).collect(),
            attribution: document.attribution.clone(),
            license: document.license.clone(),
            seasons: is_show.then(|| self.seasons(document)),
        }
    }

    pub fn seasons(&self, show: &Document) -> Vec<wire::Season> {
        show.seasons.iter().map(|season| self.season(show, season)).collect()
    }

    fn season(&self, show: &Document, season: &Season) -> wire::Season {
        let texts = self.part_texts(show, &season.texts);
        wire::Season {
            id: season.id.clone(),
            show_id: show.id.clone(),
            number: season.number,
            name: texts.map(|texts| texts.name.clone()),
            synopsis: texts.and_then(|texts| texts.synopsis.clone()),
            episode_count: season.episodes.len() as u32,
        }
    }

    /// `durations`: how long the playable episodes are, in seconds, by id.
    pub fn episodes(&self, show: &Document, season: &Season, durations: &HashMap<String, f64>) -> Vec<wire::Episode> {
        season.episodes.iter().map(|episode| self.episode(show, season, episode, durations)).collect()
    }

    /// An episode with what is around it; `place` is the episode's in its show.
    pub fn episode_detail(
        &self,
        show: &Title,
        place: EpisodePlace<'_>,
        durations: &HashMap<String, f64>,
    ) -> wire::EpisodeDetail {
        let document = &show.document;
        wire::EpisodeDetail {
            episode: self.episode(document, place.season, place.episode, durations),
            season: self.season(document, place.season),
            show: self.summary(show),
            next: place.next(document).map(|next| wire::NextEpisode {
                episode_id: next.episode.id.clone(),
                season_id: next.season.id.clone(),
                season: next.season.number,
                number: next.episode.number,
                name: self
                    .part_texts(document, &next.episode.texts)
                    .map(|texts| texts.name.clone())
                    .unwrap_or_default(),
                playable: durations.contains_key(&next.episode.id),
            }),
        }
    }

    fn episode(
        &self,
        show: &Document,
        season: &Season,
        episode: &Episode,
        durations: &HashMap<String, f64>,
    ) -> wire::Episode {
        let texts = self.part_texts(show, &episode.texts);
        let duration = durations.get(&episode.id);
        wire::Episode {
            id: episode.id.clone(),
            season_id: season.id.clone(),
            show_id: show.id.clone(),
            number: episode.number,
            name: texts.map(|texts| texts.name.clone()).unwrap_or_default(),
            synopsis: texts.and_then(|texts| texts.synopsis.clone()),
            runtime_s: duration.map(|seconds| whole_seconds(*seconds)).or(episode.runtime_s),
            aired_on: episode.aired_on,
            playable: duration.is_some(),
            artwork: match self.artwork.get(&(episode.id.clone(), Role::Still.as_str().to_owned())) {
                Some(row) => image_of(self.seals, &episode.id, Role::Still, &row.hash, &row.tint),
                None => self.image(show, &show.id, Role::Backdrop),
            },
        }
    }

    /// A viewer has a use for the offers of their own country; who keeps titles for others, for all.
    fn offers(&self, document: &Document) -> Vec<wire::Offer> {
        match &self.viewer.territory {
            wire::Territory::Everywhere => document.offers.clone(),
            wire::Territory::Unknown => Vec::new(),
            wire::Territory::In(country) => {
                document.offers.iter().filter(|offer| offer.territory == *country).cloned().collect()
            }
        }
    }

    pub fn genre(&self, id: &str) -> wire::Genre {
        wire::Genre { id: id.to_owned(), name: self.genre_name(id) }
    }

    pub fn genre_name(&self, id: &str) -> String {
        let Some(names) = self.genres.get(id) else {
            return id.to_owned();
        };
        let language = self.reader.choose(names.keys().map(String::as_str)).unwrap_or("en");
        names.get(language).or_else(|| names.values().next()).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn image(&self, document: &Document, subject: &str, role: Role) -> wire::Image {
        if let Some(row) = self.artwork.get(&(subject.to_owned(), role.as_str().to_owned())) {
            return image_of(self.seals, subject, role, &row.hash, &row.tint);
        }
        let plan = Plan::of(document);
        image_of(self.seals, subject, role, plan.hash(), &plan.tint())
    }

    /// The texts in the reader's language, with that language.
    pub fn texts<'d>(&self, document: &'d Document) -> (&'d str, &'d Texts) {
        let chosen = self.reader.choose(document.texts.keys().map(String::as_str));
        match chosen.and_then(|language| document.texts.get_key_value(language)) {
            Some((language, texts)) => (language, texts),
            None => (&document.language, document.own_texts()),
        }
    }

    /// Texts of a season or episode: the reader's language, else the show's, else any.
    fn part_texts<'d>(&self, show: &Document, texts: &'d ByLanguage) -> Option<&'d Texts> {
        let chosen = self.reader.choose(texts.keys().map(String::as_str));
        chosen
            .and_then(|language| texts.get(language))
            .or_else(|| texts.get(&show.language))
            .or_else(|| texts.values().next())
    }
}

fn credit(credit: &crate::document::Credit) -> wire::Credit {
    wire::Credit {
        person: wire::PersonRef { id: credit.person.clone(), name: credit.name.clone() },
        role: credit.role,
        character: credit.character.clone(),
    }
}

/// As it plays here, if it does; what the original takes otherwise.
fn runtime_s(title: &Title) -> Option<u32> {
    title.playable_s.map(whole_seconds).or(title.document.runtime_s)
}

fn whole_seconds(seconds: f64) -> u32 {
    seconds.round().max(1.0) as u32
}

/// A long synopsis as a short one: its first sentence, at most about two lines.
fn first_sentence(synopsis: &str) -> String {
    const LETTERS_MAX: usize = 180;
    let end = synopsis
        .char_indices()
        .find(|(at, letter)| {
            matches!(letter, '.' | '!' | '?') && synopsis[at + letter.len_utf8()..].starts_with([' ', '\n'])
        })
        .map_or(synopsis.len(), |(at, letter)| at + letter.len_utf8());
    let sentence = &synopsis[..end];
    if sentence.chars().count() <= LETTERS_MAX {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(LETTERS_MAX).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole_words.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_synopsis_is_a_whole_sentence_or_whole_words() {
        assert_eq!(first_sentence("Koro crosses a road. The road minds."), "Koro crosses a road.");
        assert_eq!(first_sentence("No full stop"), "No full stop");
        let long = "word ".repeat(60);
        let short = first_sentence(&long);
        assert!(short.ends_with("word…") && short.chars().count() <= 181, "{short}");
    }
}
