//! Parts of lists: how many, from where, and what leads on.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::Profiles;
use crate::domain::cursor::{List, Place};
use crate::error::ProfilesError;

const LIMIT_USUAL: u32 = 50;
const LIMIT_MAX: u32 = 200;

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// How many, 1 to 200; 50 unless told.
    limit: Option<u32>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Part {
    pub(crate) fn limit(&self) -> Result<u32, ProfilesError> {
        match self.limit {
            None => Ok(LIMIT_USUAL),
            Some(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(ProfilesError::Limit { limit_max: LIMIT_MAX }),
        }
    }

    pub(crate) fn place(&self, service: &Profiles, list: List<'_>) -> Result<Option<Place>, ProfilesError> {
        let place = self.cursor.as_deref().map(|cursor| service.cursors.verify(list, cursor)).transpose()?;
        Ok(place)
    }
}

/// Cuts what was read (one more than asked for) to what is shown, and says where to go on.
pub(crate) fn cut<T>(
    service: &Profiles,
    list: List<'_>,
    read: &mut Vec<T>,
    limit: u32,
    place: impl FnOnce(&T) -> Place,
) -> Option<String> {
    let has_more = read.len() > limit as usize;
    read.truncate(limit as usize);
    let last = read.last().filter(|_| has_more)?;
    Some(service.cursors.sign(list, &place(last)))
}
