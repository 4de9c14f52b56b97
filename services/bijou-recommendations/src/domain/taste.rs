//! What somebody's plays and thumbs say about their taste, and how much.
//!
//! Two readings of one kind: `strength` weighs an interaction for training, where millions are summed and only the kind
//! of thing counts; [`Signal`]s weigh a profile's own for its next page, where the latest play counts most.

/// A thumb.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Thumb {
    Down,
    #[default]
    None,
    Up,
    DoubleUp,
}

/// What a profile did with a title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Interaction {
    pub(crate) title_id: String,
    pub(crate) plays: i64,
    /// How often it was watched to its end.
    pub(crate) finished: i64,
    pub(crate) thumb: Thumb,
    pub(crate) last_ms: i64,
}

/// A title that says something about a profile's taste.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signal<T> {
    pub(crate) title: T,
    pub(crate) kind: SignalKind,
    /// How much it counts; 1 for a film just watched to its end.
    pub(crate) strength: f32,
    /// When; absent where nobody wrote that down.
    pub(crate) at_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignalKind {
    Watched,
    Liked,
    Loved,
    /// One of the three a new profile begins with.
    Picked,
}

/// Watched to its end, or nearly.
pub(crate) const FINISHED_SHARE: f64 = 0.7;

/// Below this share it was only looked into.
pub(crate) const TRIED_SHARE: f64 = 0.1;

/// What each play counts less than the one after it.
const FADE: f32 = 0.97;

/// Plays after which the picks of the beginning are of no use any more.
const PICKS_UNTIL: usize = 10;

impl Thumb {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Down => -1,
            Self::None => 0,
            Self::Up => 1,
            Self::DoubleUp => 2,
        }
    }

    pub(crate) fn of_number(number: i64) -> Self {
        match number {
            ..0 => Self::Down,
            0 => Self::None,
            1 => Self::Up,
            2.. => Self::DoubleUp,
        }
    }

    /// As other services are told.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::None => "none",
            Self::Up => "up",
            Self::DoubleUp => "double_up",
        }
    }

    fn strength(self) -> Option<(f32, SignalKind)> {
        match self {
            Self::Down | Self::None => None,
            Self::Up => Some((1.2, SignalKind::Liked)),
            Self::DoubleUp => Some((1.6, SignalKind::Loved)),
        }
    }
}

impl SignalKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Watched => "watched",
            Self::Liked => "liked",
            Self::Loved => "loved",
            Self::Picked => "picked",
        }
    }
}

impl Interaction {
    /// What it counts in training; `None` for what teaches nothing: a thumb down, or nothing at all.
    pub(crate) fn strength(&self) -> Option<f32> {
        let played = match (self.finished, self.plays) {
            (1.., _) => 1.0,
            (_, 1..) => 0.5,
            _ => 0.0,
        };
        let thumbed = self.thumb.strength().map_or(0.0, |(strength, _)| strength);
        let strength = f32::max(played, thumbed);
        (self.thumb != Thumb::Down && strength > 0.0).then_some(strength)
    }

    /// How far it was watched, as far as events tell.
    pub(crate) fn fraction(&self) -> f64 {
        if self.finished > 0 { 1.0 } else { 0.5 }
    }
}

/// A play as signals are made of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recent<T> {
    pub(crate) title: T,
    pub(crate) at_ms: i64,
    /// How far it was watched, 0 to 1.
    pub(crate) fraction: f64,
}

/// The signals of a profile: its recent plays (latest first), its thumbs, the picks of its beginning. One for each title,
/// the strongest one; none for a title with a thumb down.
pub(crate) fn signals<T: Copy + Eq>(recent: &[Recent<T>], thumbs: &[(T, Thumb)], picks: &[T]) -> Vec<Signal<T>> {
    let mut signals: Vec<Signal<T>> = Vec::new();
    let mut fade = 1.0;
    for play in recent {
        let share = match play.fraction {
            FINISHED_SHARE.. => 1.0,
            TRIED_SHARE.. => 0.7,
            _ => 0.4,
        };
        let (title, at_ms) = (play.title, Some(play.at_ms));
        add(&mut signals, Signal { title, kind: SignalKind::Watched, strength: share * fade, at_ms });
        fade *= FADE;
    }
    for (title, thumb) in thumbs {
        if let Some((strength, kind)) = thumb.strength() {
            add(&mut signals, Signal { title: *title, kind, strength, at_ms: None });
        }
    }
    if recent.len() < PICKS_UNTIL {
        for title in picks {
            add(&mut signals, Signal { title: *title, kind: SignalKind::Picked, strength: 0.7, at_ms: None });
        }
    }
    signals.retain(|signal| !thumbs.contains(&(signal.title, Thumb::Down)));
    signals
}

fn add<T: Copy + Eq>(signals: &mut Vec<Signal<T>>, new: Signal<T>) {
    match signals.iter_mut().find(|known| known.title == new.title) {
        Some(known) if known.strength < new.strength => {
            *known = Signal { at_ms: known.at_ms.or(new.at_ms), ..new };
        }
        Some(_) => {}
        None => signals.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(title: u32, fraction: f64) -> Recent<u32> {
        Recent { title, at_ms: 5, fraction }
    }

    #[track_caller]
    fn check(interaction: Interaction, expected: Option<f32>) {
        assert_eq!(interaction.strength(), expected);
    }

    #[test]
    fn training_learns_from_plays_and_thumbs_up_only() {
        let base = Interaction::default();
        check(base.clone(), None);
        check(Interaction { plays: 3, ..base.clone() }, Some(0.5));
        check(Interaction { plays: 1, finished: 1, ..base.clone() }, Some(1.0));
        check(Interaction { thumb: Thumb::Up, ..base.clone() }, Some(1.2));
        check(Interaction { plays: 1, finished: 1, thumb: Thumb::Down, ..base }, None);
    }

    #[test]
    fn the_latest_play_counts_most() {
        let signals = signals(&[recent(1, 0.9), recent(2, 0.9), recent(3, 0.05)], &[], &[]);
        let strengths: Vec<f32> = signals.iter().map(|signal| signal.strength).collect();
        assert!(strengths.is_sorted_by(|a, b| a > b), "{strengths:?}");
        assert!((strengths[0] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_thumb_outweighs_the_play_and_a_thumb_down_silences_it() {
        let found = signals(&[recent(1, 0.9), recent(2, 0.9)], &[(1, Thumb::DoubleUp), (2, Thumb::Down)], &[]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].title, found[0].kind, found[0].at_ms), (1, SignalKind::Loved, Some(5)));
    }

    #[test]
    fn picks_count_until_there_are_plays_enough() {
        assert_eq!(signals(&[], &[], &[7, 8])[0].kind, SignalKind::Picked);
        let many: Vec<_> = (0..10).map(|title| recent(title, 1.0)).collect();
        assert!(signals(&many, &[], &[70, 80]).iter().all(|signal| signal.kind == SignalKind::Watched));
    }

    #[test]
    fn thumbs_survive_being_stored() {
        for thumb in [Thumb::Down, Thumb::None, Thumb::Up, Thumb::DoubleUp] {
            assert_eq!(Thumb::of_number(thumb.number()), thumb);
        }
    }
}
