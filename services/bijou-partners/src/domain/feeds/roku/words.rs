//! The words Roku's search knows: genres, languages and countries. Its feed's JSON schema closes all three lists, and a feed
//! with another word in it is refused there as a whole.
//!
//! What ours has no counterpart in is left out, never bent into something it is not.

/// By commas; in small letters.
const GENRES: &str = "\
    3x3 basketball, action, action sports, adventure, aerobics, agriculture, animals, animated, anime, anthology, \
    archery, arm wrestling, art, artistic gymnastics, artistic swimming, arts/crafts, athletics, auction, auto, auto \
    racing, aviation, awards, badminton, ballet, baseball, basketball, beach soccer, beach volleyball, biathlon, \
    bicycle, bicycle racing, billiards, biography, blackjack, bmx racing, boat, boat racing, bobsled, bodybuilding, \
    bowling, boxing, bullfighting, bus./financial, canoe, canoe/kayak, card games, ceremony, cheerleading, children, \
    children-music, children-special, children-talk, collectibles, comedy, comedy drama, community, computers, \
    consumer, cooking, cricket, crime, crime drama, curling, cycling, dance, dark comedy, darts, debate, diving, \
    docudrama, documentary, dog racing, dog show, dog sled, drag racing, drama, educational, entertainment, \
    environment, equestrian, erotic, event, exercise, faith, fantasy, fashion, fencing, field hockey, figure \
    skating, fishing, food, football, fundraiser, gaelic football, game show, gaming, gay/lesbian, golf, gymnastics, \
    handball, health, historical drama, history, hockey, holiday, holiday music, holiday music special, holiday \
    special, holiday-children, holiday-children special, home improvement, horror, horse, house/garden, how-to, \
    hunting, hurling, hydroplane racing, indoor soccer, interview, intl soccer, judo, karate, kayaking, lacrosse, \
    law, live, luge, martial arts, medical, military, miniseries, mixed martial arts, modern pentathlon, motorcycle, \
    motorcycle racing, motorsports, mountain biking, music, music special, music talk, musical, musical comedy, \
    mystery, nature, news, newsmagazine, olympics, opera, outdoors, parade, paranormal, parenting, performing arts, \
    playoff sports, poker, politics, polo, pool, pro wrestling, public affairs, racquet, reality, religious, \
    rhythmic gymnastics, ringuette, road cycling, rodeo, roller derby, romance, romantic comedy, rowing, rugby, \
    running, sailing, science, science fiction, self improvement, shooting, shopping, sitcom, skateboarding, \
    skating, skeleton, skiing, snooker, snowboarding, snowmobile, soap, soap special, soap talk, soccer, softball, \
    special, speed skating, sport climbing, sports, sports talk, squash, standup, sumo wrestling, surfing, suspense, \
    swimming, table tennis, taekwondo, talk, technology, tennis, theater, thriller, track cycling, track/field, \
    trampoline, travel, triathlon, variety, volleyball, war, water polo, water skiing, watersports, weather, \
    weightlifting, western, wrestling, yacht racing";

/// By blanks: languages, and those of a country where Roku tells them apart.
const LANGUAGES: &str = "\
    af am ar ar-ae ar-bh ar-dz ar-eg ar-iq ar-jo ar-kw ar-lb ar-ly ar-ma ar-om ar-qa ar-sa ar-sy ar-tn ar-ye as az \
    be bg bh bn bo bs ca cs cy da de de-at de-ch de-de de-li de-lu dv dz el en en-at en-au en-bz en-ca en-gb en-ie \
    en-jm en-nz en-tt en-us en-za es es-ar es-bo es-cl es-co es-cr es-do es-ec es-es es-gt es-hn es-mx es-ni es-pa \
    es-pe es-pr es-py es-sv es-us es-uy es-ve et eu fa ff fi fo fr fr-be fr-ca fr-ch fr-lu fy ga gd gl gn gu ha he \
    hi hr ht hu hy id ig ii ik is it it-ch iu ja ka kk km kn ko kr ks ku ky la lo lt lv mg mk ml mn mr ms mt my nd \
    ne nl nl-be no om or pa pl ps pt pt-br qu rm rn ro ro-md ru ru-md rw sa sd se si sk sl sn so sq sr st sv sv-fi \
    sw ta te tg th ti tk tn tr ts tt ty uk ur uz ve vi xh yi yo zh zh-cn zh-hk zh-sg zh-tw zu";

/// By blanks: ISO 3166-1 alpha-2 in small letters.
const COUNTRIES: &str = "\
    ar at au bo br ca cl co cr de ec es fr gb gt hn ie mx ni pa pe sv us";

/// Roku's word for a genre of ours, by its id. What a film looks like or is made of is no genre there (silent, night, city);
/// a film for the whole family is not one for children.
pub(super) fn genre(id: &str) -> Option<&'static str> {
    // What is one word for us is two there.
    let words = id.replace('-', " ");
    let asked = match id {
        "abstract" => "art",
        "animation" => "animated",
        "biopic" => "biography",
        "film-noir" | "noir" => "crime drama",
        "mathematics" => "science",
        "sci-fi" => "science fiction",
        "sport" => "sports",
        _ => &words,
    };
    GENRES.split(", ").find(|word| word.replace(['-', '/'], " ") == asked)
}

/// A language as Roku writes it: with its country where it is told apart there, else without. `None`: there is no such there.
pub(super) fn language(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let listed = |asked: &str| LANGUAGES.split(' ').find(|word| *word == asked);
    listed(&tag).or_else(|| listed(tag.split('-').next().unwrap_or_default()))
}

/// A country as Roku writes it, `None` where it has no search.
pub(super) fn country(territory: &str) -> Option<&'static str> {
    COUNTRIES.split(' ').find(|word| word.eq_ignore_ascii_case(territory))
}

pub(super) fn is_genre(word: &str) -> bool {
    GENRES.split(", ").any(|known| known == word)
}

pub(super) fn is_language(word: &str) -> bool {
    LANGUAGES.split(' ').any(|known| known == word)
}

pub(super) fn is_country(word: &str) -> bool {
    COUNTRIES.split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(id: &str, expected: Option<&str>) {
        assert_eq!(genre(id), expected, "{id}");
    }

    #[test]
    fn a_genre_is_told_in_rokus_word_or_not_at_all() {
        check("comedy", Some("comedy"));
        check("science-fiction", Some("science fiction"));
        check("how-to", Some("how-to"));
        check("arts-crafts", Some("arts/crafts"));
        check("animation", Some("animated"));
        check("noir", Some("crime drama"));
        check("night", None);
        check("family", None);
        for id in ["abstract", "biopic", "film-noir", "mathematics", "sci-fi", "sport"] {
            assert!(genre(id).is_some_and(is_genre), "{id}");
        }
    }

    #[test]
    fn a_language_is_told_as_exactly_as_roku_knows_it() {
        assert_eq!(language("pt-BR"), Some("pt-br"));
        assert_eq!(language("de"), Some("de"));
        assert_eq!(language("nl-NL"), Some("nl"));
        assert_eq!(language("gsw"), None);
        assert!(is_language("pt-br") && !is_language("pt-BR"));
    }

    #[test]
    fn a_country_is_one_of_those_with_a_search() {
        assert_eq!(country("DE"), Some("de"));
        assert_eq!(country("NL"), None);
        assert!(is_country("us") && !is_country("US") && !is_country("nl"));
    }
}
