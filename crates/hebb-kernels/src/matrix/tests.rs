use super::*;
use crate::naive;
use crate::parallel::with_threads;
use crate::random::{Random, Stream};
use ndarray::{Array2, ArrayView2, s};

const THREADS: [usize; 7] = [1, 2, 3, 5, 8, 16, 33];

fn values(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count).map(|_| f64::from(random.uniform(-1.0, 1.0))).collect()
}

fn random() -> Random {
    Random::new(7, Stream::Test(0))
}

fn near(name: &str, got: &[f64], wanted: impl IntoIterator<Item = f64>, error: f64) {
    for (at, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert!((got - wanted).abs() <= error, "{name}: value {at} is {got} instead of {wanted}");
    }
}

/// XXᵀ + I.
fn definite(random: &mut Random, n: usize) -> Vec<f64> {
    let x = values(random, n * n);
    let mut a = vec![0.0; n * n];
    add_product(&mut a, n, 1.0, Rows::of(&x, n), Rows::of(&x, n), None).unwrap();
    (0..n).for_each(|i| a[i * n + i] += 1.0);
    a
}

fn factor(a: &[f64], n: usize) -> std::result::Result<Vec<f64>, Singular> {
    let mut l = a.to_vec();
    let mut cholesky = Cholesky::new(a, n).unwrap();
    while !cholesky.advance(&mut l).unwrap()? {
        assert!((0.0..1.0).contains(&cholesky.progress()));
    }
    Ok(l)
}

#[test]
fn products_of_any_shape_are_those_of_the_naive_twin() {
    let mut random = random();
    for case in 0..120 {
        let most = if case % 8 == 0 { 500 } else { 24 };
        let [m, n, k] = [0; 3].map(|_| random.below(most) + 1);
        let (a, b) = (values(&mut random, m * k), values(&mut random, n * k));
        let a_turned = ArrayView2::from_shape((m, k), &a).unwrap().t().iter().copied().collect::<Vec<_>>();
        let a64 = ArrayView2::from_shape((m, k), &a).unwrap();
        let expected = naive::gemm(a64, ArrayView2::from_shape((n, k), &b).unwrap().t());
        let row = n + random.below(3);
        let mut by_columns = vec![0.5; m * row];
        let mut c = by_columns.clone();
        add_product(&mut c, row, -2.0, Rows::of(&a, k), Rows::of(&b, k), None).unwrap();
        add_product(&mut by_columns, row, -2.0, Rows::columns_of(&a_turned, m), Rows::of(&b, k), None)
            .unwrap();
        assert_eq!(c, by_columns);
        let c = Array2::from_shape_vec((m, row), c).unwrap();
        assert!(c.slice(s![.., n..]).iter().all(|&beside| beside == 0.5));
        for ((i, j), expected) in expected.indexed_iter() {
            assert!(
                (c[[i, j]] - 0.5 + 2.0 * expected).abs() < 1e-14 * (k as f64 + 10.0),
                "[{m}, {k}]·[{k}, {n}]"
            );
        }
    }
}

#[test]
fn a_triangle_by_bands_is_that_of_the_whole_bit_for_bit() {
    let mut random = random();
    let (n, k) = (257, 70);
    let x = values(&mut random, k * n);
    let columns = Rows::columns_of(&x, n);
    let mut whole = vec![0.0; n * n];
    add_product(&mut whole, n, 1.0, columns, columns, None).unwrap();
    let mut triangle = vec![0.0; n * n];
    for start in (0..n).step_by(50) {
        let end = n.min(start + 50);
        let band = &mut triangle[start * n..end * n];
        add_product(band, n, 1.0, columns.part(start..end), columns.part(0..end), Some(start)).unwrap();
    }
    for i in 0..n {
        for j in 0..n {
            assert_eq!(whole[i * n + j], whole[j * n + i]);
            assert_eq!(triangle[i * n + j], if j > i { 0.0 } else { whole[i * n + j] });
        }
    }
}

#[test]
fn cholesky_factors_and_solves() {
    let mut random = random();
    for n in [1, 2, 5, 95, 96, 97, 200, 331] {
        let a = definite(&mut random, n);
        let l = factor(&a, n).unwrap();
        for i in 0..n {
            assert_eq!(l[i * n + i + 1..(i + 1) * n], a[i * n + i + 1..(i + 1) * n], "above the diagonal");
        }
        let twin = naive::cholesky(ArrayView2::from_shape((n, n), &a).unwrap());
        for i in 0..n {
            near("L", &l[i * n..i * n + i + 1], twin.row(i).iter().copied(), 1e-11 * n as f64);
        }
        let x = values(&mut random, 3 * n);
        let mut b = vec![0.0; 3 * n];
        add_product(&mut b, n, 1.0, Rows::of(&x, n), Rows::of(&a, n), None).unwrap();
        solve_lower(&l, n, &mut b);
        solve_lower_transposed(&l, n, &mut b);
        near("x", &b, x, 1e-10 * n as f64);
    }
}

#[test]
fn a_singular_matrix_is_recognised_at_its_column() {
    let mut random = random();
    for (n, at) in [(1, 0), (4, 3), (130, 120), (300, 97)] {
        let mut a = definite(&mut random, n);
        for i in 0..n {
            // Like the row and column before it, or 0.
            a[i * n + at] = if at > 0 { a[i * n + at - 1] } else { 0.0 };
        }
        for i in 0..n {
            a[at * n + i] = if at > 0 { a[(at - 1) * n + i] } else { 0.0 };
        }
        assert_eq!(factor(&a, n), Err(at));
    }
    assert_eq!(factor(&[f64::NAN], 1), Err(0));
    assert_eq!(factor(&[-1.0], 1), Err(0));
}

fn least_squares(a: &[f64], n: usize, t: &[f64]) -> (Vec<f64>, usize) {
    let (mut a, mut t) = (a.to_vec(), t.to_vec());
    let mut fit = LeastSquares::new(a.len() / n, n);
    while !fit.advance(&mut a, &mut t) {}
    (fit.weights(&a, &mut t), fit.rank())
}

#[test]
fn least_squares_of_any_rank() {
    let mut random = random();
    for (n, columns, rank) in [(1, 1, 1), (20, 5, 5), (60, 60, 60), (40, 30, 7), (6, 9, 6), (150, 120, 50)] {
        let (left, right) = (values(&mut random, columns * rank), values(&mut random, n * rank));
        let mut a = vec![0.0; columns * n];
        add_product(&mut a, n, 1.0, Rows::of(&left, rank), Rows::of(&right, rank), None).unwrap();
        let t = values(&mut random, 2 * n);
        let (weights, found) = least_squares(&a, n, &t);
        assert_eq!(found, rank, "{n} × {columns}");
        // What is left is orthogonal to all columns.
        let mut rest: Vec<f64> = t.iter().map(|t| -t).collect();
        add_product(&mut rest, n, 1.0, Rows::of(&weights, columns), Rows::columns_of(&a, n), None).unwrap();
        let mut parts = vec![0.0; 2 * columns];
        add_product(&mut parts, columns, 1.0, Rows::of(&rest, n), Rows::of(&a, n), None).unwrap();
        near("the rest's part", &parts, vec![0.0; 2 * columns], 1e-9);
    }
    assert_eq!(least_squares(&[0.0; 6], 3, &[1.0; 3]), (vec![0.0; 2], 0));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let mut random = random();
    let n = 230;
    let a = definite(&mut random, n);
    let t = values(&mut random, 6 * n);
    let results = THREADS.map(|threads| {
        with_threads(threads, || {
            let l = factor(&a, n).unwrap();
            let mut x = t.clone();
            solve_lower(&l, n, &mut x);
            solve_lower_transposed(&l, n, &mut x);
            (l, x, least_squares(&a, n, &t))
        })
    });
    assert!(results.iter().all(|result| *result == results[0]));
}
