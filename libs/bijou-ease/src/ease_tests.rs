//! The closed form against the plainest way to write it down, in double precision.

use proptest::prelude::*;

use super::*;

/// Gauss and Jordan, no blocks, no tricks.
fn naive(users: &[Vec<(u32, f32)>], n: usize, lambda: f64) -> Vec<Vec<f64>> {
    let mut gram = vec![vec![0.0; n]; n];
    for user in users {
        for (i, left) in user {
            for (j, right) in user {
                gram[*i as usize][*j as usize] += f64::from(*left) * f64::from(*right);
            }
        }
    }
    for (at, row) in gram.iter_mut().enumerate() {
        row[at] += lambda;
    }
    let mut inverse: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for at in 0..n {
        let pivot = gram[at][at];
        for j in 0..n {
            gram[at][j] /= pivot;
            inverse[at][j] /= pivot;
        }
        for i in (0..n).filter(|i| *i != at) {
            let factor = gram[i][at];
            for j in 0..n {
                gram[i][j] -= factor * gram[at][j];
                inverse[i][j] -= factor * inverse[at][j];
            }
        }
    }
    (0..n).map(|i| (0..n).map(|j| if i == j { 0.0 } else { -inverse[i][j] / inverse[j][j] }).collect()).collect()
}

fn interactions(users: &[Vec<(u32, f32)>], n: usize) -> Interactions {
    let mut taken = Interactions::new(n);
    for user in users {
        taken.push(user.iter().copied());
    }
    taken
}

fn any_users() -> impl Strategy<Value = (usize, Vec<Vec<(u32, f32)>>)> {
    (2_usize..70).prop_flat_map(|n| {
        let user = prop::collection::btree_map(0..n as u32, 0.5_f32..2.0, 1..=n.min(12));
        let users = prop::collection::vec(user, 1..40);
        (Just(n), users.prop_map(|users| users.into_iter().map(|user| user.into_iter().collect()).collect()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn weights_are_those_of_the_plain_way((n, users) in any_users(), lambda in 0.5_f32..500.0, threads in 0_usize..3) {
        let dense = train(&interactions(&users, n), lambda, threads).expect("something was taken");
        let plain = naive(&users, n, f64::from(lambda));
        for (i, row) in plain.iter().enumerate() {
            for (j, theirs) in row.iter().copied().enumerate() {
                let ours = f64::from(dense.row(i)[j]);
                prop_assert!(i != j || dense.row(i)[j].abs() < f32::MIN_POSITIVE);
                prop_assert!((ours - theirs).abs() < 2e-4 * (1.0 + theirs.abs()), "{i} to {j}: {ours}, not {theirs}");
            }
        }
    }

    #[test]
    fn neither_the_order_of_users_nor_repetitions_matter((n, mut users) in any_users()) {
        let one = train(&interactions(&users, n), 10.0, 1).expect("something was taken");
        users.reverse();
        for user in &mut users {
            let again = user.clone();
            user.extend(again);
        }
        let other = train(&interactions(&users, n), 10.0, 1).expect("something was taken");
        for i in 0..n {
            for (left, right) in one.row(i).iter().zip(other.row(i)) {
                prop_assert!((left - right).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn the_largest_weights_are_kept_in_falling_order((n, users) in any_users(), kept in 0_usize..20) {
        let dense = train(&interactions(&users, n), 5.0, 1).expect("something was taken");
        let rows = dense.largest(kept);
        prop_assert_eq!(rows.row_count(), n);
        for i in 0..n {
            let row: Vec<_> = rows.row(i).collect();
            let there = dense.row(i).iter().filter(|weight| **weight != 0.0).count();
            prop_assert_eq!(row.len(), kept.min(there));
            prop_assert!(row.is_sorted_by(|a, b| a.1.abs() >= b.1.abs()));
            prop_assert!(row.iter().all(|(j, weight)| dense.row(i)[*j as usize].to_bits() == weight.to_bits()));
            if let Some((_, least)) = row.last() {
                let larger = dense.row(i).iter().filter(|weight| weight.abs() > least.abs()).count();
                prop_assert!(larger < kept);
            }
        }
        let (ends, columns, weights) = rows.parts();
        prop_assert_eq!(SparseRows::from_parts(ends.to_vec(), columns.to_vec(), weights.to_vec()), Some(rows.clone()));
    }

    #[test]
    fn with_all_weights_kept_scores_are_the_matrix_product((n, users) in any_users()) {
        let dense = train(&interactions(&users, n), 5.0, 1).expect("something was taken");
        let mut scores = vec![0.0; n];
        dense.largest(n).add_scores(&users[0], &mut scores);
        for (j, score) in scores.iter().enumerate() {
            let product: f32 = users[0].iter().map(|(i, strength)| strength * dense.row(*i as usize)[j]).sum();
            prop_assert!((score - product).abs() < 1e-4);
        }
    }
}

#[test]
fn what_is_taken_together_points_at_each_other() {
    let users: Vec<_> = (0..20).map(|n| n % 2 * 2).map(|first| vec![(first, 1.0), (first + 1, 1.0)]).collect();
    let dense = train(&interactions(&users, 4), 1.0, 1).expect("something was taken");
    assert!(dense.row(0)[1] > 0.8, "{:?}", dense.row(0));
    assert!(dense.row(0)[2].abs() < 1e-6 && dense.row(2)[3] > 0.8);
}

#[test]
fn nothing_to_learn_from_and_useless_settings_are_refused() {
    assert_eq!(train(&Interactions::new(5), 1.0, 1), Err(EaseError::NothingTaken));
    let taken = interactions(&[vec![(0, 1.0)]], 2);
    for lambda in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(train(&taken, lambda, 1), Err(EaseError::Lambda));
    }
    let broken = interactions(&[vec![(0, f32::INFINITY)]], 2);
    assert!(matches!(train(&broken, 1.0, 1), Err(EaseError::NotPositiveDefinite { .. })));
}

#[test]
fn parts_that_do_not_fit_together_are_no_rows() {
    assert!(SparseRows::from_parts(vec![1, 2], vec![0, 1], vec![0.5, 0.5]).is_some());
    assert!(SparseRows::from_parts(vec![1, 3], vec![0, 1], vec![0.5, 0.5]).is_none());
    assert!(SparseRows::from_parts(vec![2, 1], vec![0], vec![0.5]).is_none());
    assert!(SparseRows::from_parts(vec![1], vec![7], vec![0.5]).is_none());
    assert!(SparseRows::from_parts(vec![1], vec![0], vec![f32::NAN]).is_none());
}

#[test]
fn memory_is_two_matrices_and_what_goes_in_and_out() {
    assert_eq!(memory_bytes(10_000, 0, 0), 800_000_000);
    assert_eq!(memory_bytes(10, 100, 200), 800 + 800 + 16 * 10 * 10);
}
