//! A model as it is asked: its weights by the places of titles in the library.

use std::sync::Arc;

use super::library::Library;
use crate::domain::card::model_mark;
use crate::domain::scores::{By, Weights};
use crate::model::Model;

/// Neither in the model, or not in the library.
const NOWHERE: u32 = u32::MAX;

/// A model in use.
pub(crate) struct Learned {
    model: Arc<Model>,
    mark: [u8; 4],
    /// Places of the model's titles.
    places: Vec<u32>,
    /// Numbers in the model of the library's titles.
    numbers: Vec<u32>,
}

impl Learned {
    pub(crate) fn of(model: Arc<Model>, library: &Library) -> Self {
        let mut numbers = vec![NOWHERE; library.titles().len()];
        let mut places = vec![NOWHERE; model.titles.len()];
        for (number, id) in (0..).zip(&model.titles) {
            if let Some(place) = library.place(id) {
                numbers[place] = number;
                places[number as usize] = u32::try_from(place).unwrap_or(NOWHERE);
            }
        }
        Self { mark: model_mark(&model.version), model, places, numbers }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Whether the model says anything about the title at this place.
    pub(crate) fn knows(&self, title: usize) -> bool {
        self.numbers.get(title).is_some_and(|number| *number != NOWHERE)
    }

    /// The model's name in cards.
    pub(crate) fn mark(&self) -> [u8; 4] {
        self.mark
    }
}

impl Weights for Learned {
    fn visit(&self, title: usize, visit: &mut dyn FnMut(usize, f32, By)) {
        let Some(&number) = self.numbers.get(title).filter(|number| **number != NOWHERE) else { return };
        for (rows, by) in [(&self.model.viewing, By::Viewing), (&self.model.likeness, By::Likeness)] {
            for (other, weight) in rows.row(number as usize) {
                let place = self.places[other as usize];
                if place != NOWHERE {
                    visit(place as usize, weight, by);
                }
            }
        }
    }
}
