//! Small texts that people give: names of themselves and of their devices.

use crate::error::IdentityError;

/// Longest name in characters.
const CHARACTERS_MAX: usize = 100;

/// Trimmed, without control characters; `None` when nothing is left.
pub(crate) fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>, IdentityError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    if text.chars().count() > CHARACTERS_MAX {
        return Err(IdentityError::TooLong { field, characters_max: CHARACTERS_MAX });
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Milliseconds since 1970 as they travel.
pub(crate) fn timestamp(ms: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default()
}
