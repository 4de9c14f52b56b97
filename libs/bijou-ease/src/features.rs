//! Neighbours by features: what is said about an item instead of who took it.

use crate::SparseRows;

/// The `kept` most alike items of each item: the cosine of their features, each weighed by how rare it is.
///
/// `features[i]` names the features of item `i`; a feature's number is below `feature_count`. Only pairs for which
/// `is_wanted(item, other)` are looked at. Equally alike items come in the order of their numbers, so callers number
/// what is taken more often first.
pub fn neighbours(
    features: &[Vec<u32>],
    feature_count: usize,
    kept: usize,
    is_wanted: impl Fn(usize, usize) -> bool,
) -> SparseRows {
    let holders = holders(features, feature_count);
    let total = features.len() as f32;
    let rarity: Vec<f32> = holders.iter().map(|items| (1.0 + total / (1.0 + items.len() as f32)).ln()).collect();
    let length = |item: &Vec<u32>| item.iter().map(|feature| rarity[*feature as usize].powi(2)).sum::<f32>().sqrt();
    let lengths: Vec<f32> = features.iter().map(length).collect();

    let mut rows = SparseRows::with_capacity(features.len(), features.len() * kept.min(features.len()));
    let mut products = vec![0.0_f32; features.len()];
    let mut touched: Vec<u32> = Vec::new();
    for (item, own) in features.iter().enumerate() {
        for feature in own {
            let weight = rarity[*feature as usize].powi(2);
            for other in &holders[*feature as usize] {
                let product = &mut products[*other as usize];
                if *product == 0.0 {
                    touched.push(*other);
                }
                *product += weight;
            }
        }
        let alike = |other: u32| products[other as usize] / (lengths[item] * lengths[other as usize]);
        let falling = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0));
        let others =
            touched.iter().copied().filter(|other| *other as usize != item && is_wanted(item, *other as usize));
        let mut found: Vec<(u32, f32)> = others.map(|other| (other, alike(other))).collect();
        if found.len() > kept && kept > 0 {
            found.select_nth_unstable_by(kept - 1, falling);
        }
        found.truncate(kept);
        found.sort_unstable_by(falling);
        rows.push(found);
        for other in touched.drain(..) {
            products[other as usize] = 0.0;
        }
    }
    rows
}

/// The items of each feature, each once.
fn holders(features: &[Vec<u32>], feature_count: usize) -> Vec<Vec<u32>> {
    let mut holders = vec![Vec::new(); feature_count];
    for (item, own) in (0..).zip(features) {
        for feature in own {
            let items: &mut Vec<u32> = &mut holders[*feature as usize];
            if items.last() != Some(&item) {
                items.push(item);
            }
        }
    }
    holders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rows: &SparseRows, item: usize) -> Vec<u32> {
        rows.row(item).map(|(other, _)| other).collect()
    }

    #[test]
    fn who_shares_what_is_rare_is_nearest() {
        // Feature 0 is everybody's; 1 only that of items 0 and 3.
        let features = vec![vec![0, 1], vec![0], vec![0], vec![0, 1]];
        let rows = neighbours(&features, 2, 2, |_, _| true);
        assert_eq!(row(&rows, 0), [3, 1]);
        assert_eq!(row(&rows, 1), [2, 0]);
        let best = rows.row(0).next().expect("has neighbours").1;
        assert!((best - 1.0).abs() < 1e-6, "{best}");
    }

    #[test]
    fn only_wanted_pairs_are_neighbours() {
        let rows = neighbours(&[vec![0], vec![0], vec![0]], 1, 5, |_, other| other == 2);
        assert_eq!((row(&rows, 0), row(&rows, 1), row(&rows, 2)), (vec![2], vec![2], vec![]));
    }

    #[test]
    fn items_without_features_have_no_neighbours() {
        let rows = neighbours(&[vec![], vec![0], vec![0]], 1, 5, |_, _| true);
        assert_eq!((row(&rows, 0), row(&rows, 1), row(&rows, 2)), (vec![], vec![2], vec![1]));
    }
}
