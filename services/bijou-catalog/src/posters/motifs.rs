//! Pictures: what a poster shows. One function each, over a stage of any shape, in the inks of a palette.
//!
//! The words of a title choose first (a film with "Road" in its name gets rails to the horizon), its genre next, the
//! seed last. English words only: names in other languages are left to their genre.

mod abstracts;
mod nature;
mod places;
mod things;

use super::canvas::{Area, Canvas, Print};
use super::palette::Palette;
use super::seed::Seed;
use super::subject::Subject;

/// Where a picture is drawn and where its weight lies.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    pub area: Area,
    /// By shares of width and height.
    pub focus: (f32, f32),
}

impl Stage {
    pub fn centre(&self) -> (f32, f32) {
        self.area.at(self.focus.0, self.focus.1)
    }
}

/// What pictures are drawn with.
pub struct Pen<'a> {
    pub canvas: &'a mut Canvas,
    pub palette: &'a Palette,
    pub seed: Seed,
}

impl Pen<'_> {
    /// Overprinting shows on light paper only; on dark paper inks have to cover.
    pub fn over(&self) -> Print {
        if self.palette.ground.luminance() > 0.3 { Print::Over } else { Print::Solid }
    }
}

macro_rules! motifs {
    ($($variant:ident = $name:literal => $draw:path),* $(,)?) => {
        /// A picture of the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Motif { $($variant),* }

        impl Motif {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name art direction asks for it by (`motif` in an import).
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            pub fn draw(self, pen: &mut Pen<'_>, stage: Stage) {
                match self { $(Self::$variant => $draw(pen, stage)),* }
            }
        }
    };
}

motifs! {
    Bars = "bars" => abstracts::bars,
    Cells = "cells" => abstracts::cells,
    Chevrons = "chevrons" => abstracts::chevrons,
    Checker = "checker" => abstracts::checker,
    City = "city" => places::city,
    Clock = "clock" => things::clock,
    Crowd = "crowd" => things::crowd,
    Curtain = "curtain" => things::curtain,
    Discs = "discs" => abstracts::discs,
    Eclipse = "eclipse" => nature::eclipse,
    Eye = "eye" => things::eye,
    Horizon = "horizon" => nature::horizon,
    House = "house" => places::house,
    Keys = "keys" => things::keys,
    Lanterns = "lanterns" => things::lanterns,
    Leaves = "leaves" => nature::leaves,
    Orbits = "orbits" => nature::orbits,
    Peaks = "peaks" => nature::peaks,
    Petals = "petals" => nature::petals,
    Rails = "rails" => places::rails,
    Rays = "rays" => abstracts::rays,
    Shards = "shards" => abstracts::shards,
    Spiral = "spiral" => abstracts::spiral,
    Stairs = "stairs" => places::stairs,
    Streetlight = "streetlight" => places::streetlight,
    Tiles = "tiles" => abstracts::tiles,
    Tunnel = "tunnel" => abstracts::tunnel,
    Waves = "waves" => nature::waves,
    Windows = "windows" => places::windows,
}

/// Words that ask for a picture.
const WORDS: &[(Motif, &[&str])] = &[
    (Motif::Eclipse, &["moon", "lunar", "eclipse", "penumbra", "vampire", "dracula", "nosferatu", "werewolf", "wolf"]),
    (
        Motif::Clock,
        &[
            "hour",
            "hours",
            "clock",
            "time",
            "minute",
            "minutes",
            "midnight",
            "tomorrow",
            "yesterday",
            "o'clock",
            "noon",
            "last",
        ],
    ),
    (
        Motif::Shards,
        &[
            "murder",
            "murders",
            "kill",
            "killer",
            "killers",
            "killing",
            "blood",
            "bloody",
            "knife",
            "assassin",
            "scream",
            "crash",
            "broken",
            "lightning",
            "terror",
            "fear",
        ],
    ),
    (
        Motif::Eye,
        &[
            "eye",
            "eyes",
            "watch",
            "watching",
            "watcher",
            "see",
            "vision",
            "visions",
            "invisible",
            "spy",
            "witness",
            "secret",
            "secrets",
            "hypnotic",
            "caligari",
            "ghost",
            "phantom",
        ],
    ),
    (
        Motif::City,
        &[
            "city",
            "street",
            "streets",
            "town",
            "avenue",
            "metropolis",
            "york",
            "london",
            "paris",
            "tokyo",
            "chicago",
            "manhattan",
            "broadway",
            "berlin",
            "hollywood",
            "downtown",
        ],
    ),
    (
        Motif::Waves,
        &[
            "sea",
            "seas",
            "ocean",
            "ship",
            "boat",
            "river",
            "water",
            "waters",
            "island",
            "bay",
            "beach",
            "tide",
            "tidal",
            "wave",
            "waves",
            "lake",
            "storm",
            "sailor",
            "sailors",
            "navy",
            "fleet",
            "pirate",
            "pirates",
            "deep",
            "mermaid",
            "submarine",
            "shore",
            "swim",
        ],
    ),
    (
        Motif::Orbits,
        &[
            "star", "stars", "space", "planet", "planets", "mars", "galaxy", "cosmic", "cosmos", "orbit", "alien",
            "aliens", "universe", "world", "worlds", "earth", "rocket", "comet",
        ],
    ),
    (
        Motif::Horizon,
        &[
            "sun", "sunrise", "sunset", "dawn", "morning", "summer", "desert", "horizon", "east", "sky", "heaven",
            "paradise", "sahara", "arabia",
        ],
    ),
    (
        Motif::Peaks,
        &[
            "mountain",
            "mountains",
            "peak",
            "hill",
            "hills",
            "canyon",
            "valley",
            "north",
            "northbound",
            "trail",
            "ridge",
            "wild",
            "wilderness",
            "range",
            "snow",
            "winter",
            "ice",
            "alps",
            "klondike",
            "rush",
        ],
    ),
    (
        Motif::Rails,
        &[
            "train", "express", "railway", "rail", "railroad", "road", "roads", "highway", "drive", "driver", "route",
            "detour", "hitch", "hiker", "engine", "general", "journey", "going", "way", "run", "limited",
        ],
    ),
    (
        Motif::House,
        &[
            "house", "home", "mansion", "manor", "castle", "door", "hotel", "inn", "haunted", "cottage", "hall",
            "farm", "barn", "cabin", "dead", "grave", "tomb",
        ],
    ),
    (
        Motif::Discs,
        &[
            "love",
            "loves",
            "lover",
            "lovers",
            "heart",
            "hearts",
            "kiss",
            "bride",
            "wedding",
            "wife",
            "husband",
            "romance",
            "sweetheart",
            "honeymoon",
            "darling",
            "marry",
            "married",
            "two",
            "pair",
            "twins",
            "charade",
        ],
    ),
    (
        Motif::Petals,
        &["rose", "roses", "flower", "flowers", "bloom", "blossom", "orchid", "lily", "daisy", "sunflower", "violet"],
    ),
    (
        Motif::Leaves,
        &[
            "garden", "gardener", "spring", "tree", "trees", "forest", "wood", "woods", "jungle", "leaf", "leaves",
            "grass", "green", "field", "fields", "orchard", "amazon", "tarzan", "shop",
        ],
    ),
    (
        Motif::Keys,
        &[
            "song", "songs", "music", "musical", "melody", "dance", "dancing", "dancer", "band", "jazz", "blues",
            "singer", "sing", "symphony", "rhythm", "piano", "opera", "waltz", "swing", "souls",
        ],
    ),
    (
        Motif::Curtain,
        &[
            "show",
            "stage",
            "circus",
            "carnival",
            "carousel",
            "theatre",
            "theater",
            "follies",
            "parade",
            "encore",
            "vaudeville",
            "actress",
            "actor",
            "clown",
            "magician",
            "magic",
            "ballet",
        ],
    ),
    (
        Motif::Stairs,
        &[
            "stairs",
            "staircase",
            "step",
            "steps",
            "ladder",
            "tower",
            "climb",
            "safety",
            "rise",
            "rising",
            "up",
            "down",
            "escape",
        ],
    ),
    (
        Motif::Crowd,
        &[
            "crowd",
            "people",
            "army",
            "brothers",
            "sisters",
            "boys",
            "girls",
            "family",
            "gang",
            "men",
            "women",
            "everybody",
            "nobody",
            "strangers",
            "children",
            "us",
            "five",
            "seven",
            "dozen",
            "friday",
        ],
    ),
    (
        Motif::Checker,
        &[
            "game",
            "games",
            "chess",
            "gambler",
            "card",
            "cards",
            "dice",
            "casino",
            "play",
            "playing",
            "poker",
            "detective",
            "sherlock",
            "jr",
        ],
    ),
    (
        Motif::Spiral,
        &[
            "dream", "dreams", "mind", "spiral", "crazy", "mad", "madness", "vertigo", "twist", "psycho", "insane",
            "fever", "delirium", "dizzy", "d", "poison",
        ],
    ),
    (
        Motif::Rays,
        &[
            "gold", "golden", "king", "queen", "crown", "prince", "princess", "royal", "glory", "victory", "emperor",
            "bomb", "thunder", "power", "hero", "heroes", "champion",
        ],
    ),
    (
        Motif::Chevrons,
        &[
            "war", "battle", "attack", "invasion", "flag", "command", "force", "gun", "guns", "soldier", "soldiers",
            "marines", "sergeant", "patrol", "raiders", "regiment", "outlaw", "outlaws", "robbery",
        ],
    ),
    (
        Motif::Lanterns,
        &[
            "light",
            "lights",
            "lantern",
            "lanterns",
            "lamp",
            "fire",
            "flame",
            "candle",
            "balloon",
            "party",
            "holiday",
            "christmas",
        ],
    ),
    (
        Motif::Bars,
        &[
            "prison", "jail", "cage", "bars", "trap", "convict", "arm", "law", "guilty", "innocent", "trial", "judge",
            "jury",
        ],
    ),
    (
        Motif::Windows,
        &["window", "windows", "apartment", "neighbor", "neighbors", "tenant", "room", "street", "butler", "godfrey"],
    ),
    (
        Motif::Streetlight,
        &[
            "alone", "stranger", "lonely", "shadow", "shadows", "night", "nights", "dark", "darkness", "corner", "kid",
            "tramp",
        ],
    ),
    (
        Motif::Tiles,
        &[
            "machine", "machines", "robot", "robots", "factory", "steel", "electric", "circuit", "circuits", "modern",
            "computer",
        ],
    ),
    (Motif::Cells, &["rule", "sierpinski", "cell", "cells", "number", "numbers", "mathematics", "fractal", "code"]),
    (Motif::Tunnel, &["zoom", "tunnel", "inside", "hole", "well", "abyss", "infinite", "beyond", "hidden", "mirror"]),
];

/// Pictures that suit a genre.
const GENRES: &[(&[&str], &[Motif])] = &[
    (
        &["horror", "supernatural", "slasher"],
        &[Motif::House, Motif::Eye, Motif::Shards, Motif::Spiral, Motif::Eclipse, Motif::Bars, Motif::Tunnel],
    ),
    (
        &["noir", "film-noir", "crime", "thriller", "mystery", "spy", "suspense"],
        &[
            Motif::Streetlight,
            Motif::Bars,
            Motif::Stairs,
            Motif::Eye,
            Motif::Shards,
            Motif::City,
            Motif::Tunnel,
            Motif::Windows,
            Motif::Checker,
        ],
    ),
    (
        &["science-fiction", "sci-fi", "superhero", "disaster"],
        &[Motif::Orbits, Motif::Rays, Motif::Tunnel, Motif::Tiles, Motif::Eclipse, Motif::Cells, Motif::Chevrons],
    ),
    (
        &["western", "adventure", "swashbuckler", "historical", "epic"],
        &[Motif::Horizon, Motif::Peaks, Motif::Rays, Motif::Rails, Motif::Waves, Motif::Chevrons],
    ),
    (
        &["war", "action", "martial-arts", "sports"],
        &[Motif::Chevrons, Motif::Rays, Motif::Shards, Motif::Crowd, Motif::Peaks, Motif::Bars],
    ),
    (
        &["romance", "melodrama"],
        &[Motif::Discs, Motif::Petals, Motif::Horizon, Motif::Windows, Motif::Waves, Motif::Leaves],
    ),
    (&["musical", "music", "dance"], &[Motif::Keys, Motif::Curtain, Motif::Rays, Motif::Lanterns, Motif::Discs]),
    (
        &["comedy", "family", "animation", "animated", "children", "slapstick", "parody", "satire"],
        &[
            Motif::Tiles,
            Motif::Curtain,
            Motif::Checker,
            Motif::Rays,
            Motif::Lanterns,
            Motif::Crowd,
            Motif::Discs,
            Motif::Keys,
            Motif::Leaves,
        ],
    ),
    (
        &["fantasy", "surreal", "experimental", "abstract", "mathematics"],
        &[Motif::Spiral, Motif::Orbits, Motif::Cells, Motif::Petals, Motif::Tunnel, Motif::Eclipse, Motif::Tiles],
    ),
    (
        &["drama", "biography", "documentary", "silent", "classic", "political", "legal", "teen"],
        &[
            Motif::Horizon,
            Motif::Stairs,
            Motif::Crowd,
            Motif::Discs,
            Motif::City,
            Motif::Streetlight,
            Motif::Windows,
            Motif::Waves,
            Motif::Peaks,
            Motif::Leaves,
            Motif::Bars,
            Motif::Petals,
            Motif::Eclipse,
            Motif::Rails,
        ],
    ),
];

impl Motif {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|motif| motif.name() == name)
    }

    /// The picture for a title.
    pub fn choose(subject: &Subject, mut seed: Seed) -> Self {
        if let Some(asked) = subject.motif.as_deref().and_then(Self::parse) {
            return asked;
        }
        let name = subject.name.to_lowercase();
        let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric() && letter != '\'').collect();
        // The last telling word is usually the noun.
        let by_word = words.iter().rev().find_map(|word| WORDS.iter().find(|(_, known)| known.contains(word)));
        if let Some((motif, _)) = by_word {
            return *motif;
        }
        let by_genre =
            subject.genres.iter().find_map(|id| GENRES.iter().find(|(genres, _)| genres.contains(&id.as_str())));
        match by_genre {
            Some((_, motifs)) => *seed.pick(motifs),
            None => *seed.pick(Self::ALL),
        }
    }
}
