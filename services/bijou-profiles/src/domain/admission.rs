//! Who may become whom.
//!
//! A PIN on a grown-up's profile guards the way in, a PIN on a child's the way out. Both together: who leaves a child's
//! profile for a guarded one needs the guarded one's. Since the account as a whole manages everybody, whoever has a
//! ceiling comes to it only by a grown-up's PIN, once the house has one.

use super::household::Member;

/// The profile whose PIN has to be given to go from one profile to another; `None` means the account as a whole. A
/// profile in use that is not of the household any more is taken for a limited one.
pub(crate) fn guarded_by<'a>(
    household: &[Member<'a>],
    from: Option<&str>,
    to: Option<Member<'a>>,
) -> Option<Member<'a>> {
    if from == to.map(|to| to.id) {
        return None;
    }
    let leaves = from.and_then(|from| household.iter().find(|member| member.id == from)).copied();
    let entering = to.filter(|to| to.has_pin && !to.kids);
    let leaving = leaves.filter(|from| from.kids && from.has_pin);
    let is_limited = from.is_some() && leaves.is_none_or(|member| member.is_limited());
    let escaping = if to.is_none() && is_limited { grown_up_with_pin(household) } else { None };
    entering.or(leaving).or(escaping)
}

/// Whoever sees everything, before one who has a ceiling too.
fn grown_up_with_pin<'a>(household: &[Member<'a>]) -> Option<Member<'a>> {
    let mut guarded = household.iter().filter(|member| member.has_pin && !member.kids);
    let first = guarded.next().copied()?;
    if !first.is_limited() {
        return Some(first);
    }
    Some(guarded.find(|member| !member.is_limited()).copied().unwrap_or(first))
}

/// The ceiling of the account as a whole: once somebody there is a child or hides behind a PIN, whoever has chosen no
/// profile sees what everybody of the house may see.
pub(crate) fn guest_ceiling(household: &[Member<'_>]) -> Option<u8> {
    if !household.iter().any(|member| member.kids || member.has_pin) {
        return None;
    }
    household.iter().filter_map(|member| member.maturity).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Member<'static> = Member { id: "ada", kids: false, has_pin: true, maturity: None };
    const BOB: Member<'static> = Member { id: "bob", kids: false, has_pin: false, maturity: None };
    const TEEN: Member<'static> = Member { id: "teen", kids: false, has_pin: false, maturity: Some(12) };
    const KIM: Member<'static> = Member { id: "kim", kids: true, has_pin: true, maturity: Some(7) };
    const LEO: Member<'static> = Member { id: "leo", kids: true, has_pin: false, maturity: Some(7) };
    const HOUSE: [Member<'static>; 5] = [TEEN, ADA, BOB, KIM, LEO];

    #[track_caller]
    fn check(from: Option<&str>, to: Option<Member<'static>>, expected: Option<&str>) {
        let guard = guarded_by(&HOUSE, from, to).map(|member| member.id);
        assert_eq!(guard, expected, "{from:?} to {to:?}");
    }

    #[test]
    fn a_pin_guards_the_way_into_a_grown_ups_profile_and_out_of_a_childs() {
        check(None, Some(ADA), Some("ada"));
        check(None, Some(BOB), None);
        check(Some("bob"), Some(ADA), Some("ada"));
        check(None, Some(KIM), None);
        check(Some("bob"), Some(KIM), None);
        check(Some("kim"), Some(BOB), Some("kim"));
        check(Some("kim"), Some(ADA), Some("ada"));
        check(Some("kim"), None, Some("kim"));
        check(Some("kim"), Some(LEO), Some("kim"));
        check(Some("leo"), Some(BOB), None);
        check(Some("leo"), Some(ADA), Some("ada"));
        check(Some("ada"), Some(BOB), None);
    }

    #[test]
    fn whoever_stays_gives_no_pin() {
        check(Some("ada"), Some(ADA), None);
        check(Some("kim"), Some(KIM), None);
        check(None, None, None);
    }

    #[test]
    fn who_has_a_ceiling_does_not_become_the_manager_of_the_house() {
        check(Some("leo"), None, Some("ada"));
        check(Some("teen"), None, Some("ada"));
        check(Some("deleted meanwhile"), None, Some("ada"));
        check(Some("bob"), None, None);
        let without_pins = [BOB, LEO];
        assert_eq!(guarded_by(&without_pins, Some("leo"), None), None);
    }

    #[test]
    fn without_a_choice_a_guarded_house_shows_what_its_youngest_may_see() {
        assert_eq!(guest_ceiling(&[BOB, TEEN]), None);
        assert_eq!(guest_ceiling(&[BOB, LEO]), Some(7));
        assert_eq!(guest_ceiling(&[ADA, TEEN]), Some(12));
        assert_eq!(guest_ceiling(&[ADA]), None);
        assert_eq!(guest_ceiling(&[]), None);
    }
}
