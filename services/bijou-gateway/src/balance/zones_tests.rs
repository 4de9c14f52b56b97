//! Staying in the zone: how much does, what an instance gets at most, and what makes requests leave.

use bijou_eureka::{Discovery, Instance};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::SmallRng;

use super::*;

fn sound(is_near: bool) -> Seen {
    Seen { score: 1.0, capacity: 1.0, is_near }
}

/// Which part of many requests stays in the zone.
fn stays(instances: &[Seen], gateways_near: f32) -> f32 {
    const REQUESTS: u32 = 20_000;
    let mut rng = SmallRng::seed_from_u64(11);
    let near = (0..REQUESTS).filter(|_| {
        let choice = choose_by_zone(instances.len(), |index| Some(instances[index]), gateways_near, &mut rng);
        instances[choice.expect("somebody can be chosen").index].is_near
    });
    near.count() as f32 / REQUESTS as f32
}

#[track_caller]
fn check(instances: &[Seen], gateways_near: f32, expected: f32) {
    let stays = stays(instances, gateways_near);
    assert!((stays - expected).abs() < 0.02, "{stays} of the requests stay, not {expected}");
}

#[test]
fn a_zone_with_its_share_of_the_instances_keeps_everything() {
    check(&[sound(true), sound(false)], 0.5, 1.0);
    check(&[sound(true), sound(false), sound(false)], 1.0 / 3.0, 1.0);
}

#[test]
fn a_small_zone_keeps_what_it_can_carry() {
    // One of ten instances, a third of the gateways: half as much again as its even share.
    let mut instances = vec![sound(false); 9];
    instances.push(sound(true));
    check(&instances, 1.0 / 3.0, 0.45);
    // All the gateways are here: everything comes from here.
    check(&instances, 1.0, 0.15);
    check(&[sound(true), sound(false)], 1.0, 0.75);
}

#[test]
fn a_zone_without_instances_and_instances_without_zones_change_nothing() {
    check(&[sound(false); 3], 0.5, 0.0);
    check(&[sound(true); 3], 0.5, 1.0);
}

#[test]
fn the_more_of_the_zone_fails_the_more_leaves_it() {
    let with_capacity = |capacity: f32| {
        let failing = Seen { score: 1.0 / capacity, capacity, is_near: true };
        stays(&[failing, failing, sound(false), sound(false)], 0.5)
    };
    let kept = [1.0, 0.4, 0.3, 0.1].map(with_capacity);
    assert!(kept.is_sorted_by(|more, less| more > less), "{kept:?}");
    assert!(kept[0] > 0.99 && kept[3] < 0.15, "{kept:?}");
}

#[test]
fn a_zone_that_is_much_busier_gives_way_and_a_little_busier_does_not() {
    let busy = |score: f32| [Seen { score, ..sound(true) }, Seen { score, ..sound(true) }, sound(false), sound(false)];
    check(&busy(4.0), 0.5, 1.0);
    check(&busy(4.1), 0.5, 0.0);
    // The other way round: what left the zone comes back where the others are much busier.
    let others = [sound(true), Seen { score: 9.0, ..sound(false) }];
    check(&others, 1.0, 1.0);
}

#[test]
fn gateways_are_counted_by_their_zones() {
    let (discovery, publisher) = Discovery::manual();
    let gateway = |id: &str, zone: Option<&str>| {
        let instance = Instance::new("GATEWAY", id, "localhost", "127.0.0.1", 80);
        zone.map_or(instance.clone(), |zone| instance.with_metadata("zone", zone))
    };
    let percent_near = |discovery: &Discovery| (gateways_near(&discovery.snapshot(), "a") * 100.0).round() as u32;
    publisher.publish(&[]);
    assert_eq!(percent_near(&discovery), 100, "this one is alone");
    publisher.publish(&[gateway("1", Some("b")), gateway("2", None), gateway("3", Some("b"))]);
    assert_eq!(percent_near(&discovery), 25, "this one is not in the registry yet");
    publisher.publish(&[gateway("1", Some("a")), gateway("2", None), gateway("3", Some("b")), gateway("4", Some("a"))]);
    assert_eq!(percent_near(&discovery), 50);
}

/// Instances and gateways of some zones: how many of each.
fn zones() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let zones = prop::collection::vec((0_u32..40, 0_u32..10), 1..6);
    zones.prop_filter("somebody sends and somebody answers", |zones| {
        zones.iter().any(|zone| zone.0 > 0) && zones.iter().any(|zone| zone.1 > 0)
    })
}

proptest! {
    /// The bound that the decision record promises, for every layout of zones.
    #[test]
    fn no_instance_gets_more_than_its_share_allows(zones in zones()) {
        let (instances, gateways) = zones.iter().fold((0, 0), |sum, zone| (sum.0 + zone.0, sum.1 + zone.1));
        let even = 1.0 / instances as f32;
        let mut carried = 0.0;
        for &(mine, senders) in zones.iter().filter(|zone| zone.0 > 0) {
            let share = |&(near, senders): &(u32, u32)| {
                let gateways_near = senders as f32 / gateways as f32;
                gateways_near * share_near(near as f32, (instances - near) as f32, gateways_near)
            };
            let near = if senders == 0 { 0.0 } else { share(&(mine, senders)) / mine as f32 };
            prop_assert!(near <= HEADROOM * even * 1.0001, "{near} from the own zone");
            // What leaves the others is spread over all that are not theirs.
            let left = zones.iter().filter(|zone| zone.1 > 0 && zone.0 < instances).map(|zone| {
                (zone.1 as f32 / gateways as f32 - share(zone)) / (instances - zone.0) as f32
            });
            let own_left = if senders == 0 || mine == instances { 0.0 } else {
                (senders as f32 / gateways as f32 - share(&(mine, senders))) / (instances - mine) as f32
            };
            let far = left.sum::<f32>() - own_left;
            prop_assert!(near + far <= (HEADROOM + 1.0) * even * 1.001, "{} of {even}", near + far);
            carried += mine as f32 * (near + far);
        }
        prop_assert!((carried - 1.0).abs() < 0.01, "{carried} of all requests are carried");
    }

    #[test]
    fn somebody_is_chosen_wherever_somebody_may_be(
        instances in prop::collection::vec(prop::option::of((1.0_f32..50.0, 0.04_f32..1.0, any::<bool>())), 0..12),
        gateways_near in 0.01_f32..1.0, seed: u64,
    ) {
        let seen = |index: usize| {
            instances[index].map(|(score, capacity, is_near)| Seen { score, capacity, is_near })
        };
        let allowed = instances.iter().flatten().count();
        match choose_by_zone(instances.len(), seen, gateways_near, &mut SmallRng::seed_from_u64(seed)) {
            None => prop_assert_eq!(allowed, 0),
            Some(choice) => {
                prop_assert_eq!(Some(choice.score), seen(choice.index).map(|one| one.score));
                prop_assert_eq!(choice.candidates, allowed);
                prop_assert_eq!(choice.loser.is_some(), allowed > 1);
                prop_assert!(choice.loser.is_none_or(|(loser, _)| loser != choice.index && seen(loser).is_some()));
            }
        }
    }

    /// One instance more, or one less that fails, never sends more away.
    #[test]
    fn what_the_zone_can_carry_more_it_gets(
            near in 0.0_f32..50.0, more in 0.0_f32..5.0, far in 0.0_f32..50.0, gateways in 0.01_f32..1.0,
        ) {
        let (before, after) = (share_near(near, far, gateways), share_near(near + more, far, gateways));
        prop_assert!((0.0..=1.0).contains(&before) && after >= before - 1e-6, "{before} {after}");
    }
}
