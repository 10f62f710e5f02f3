//! Sums and products over slices, which the compiler vectorises; the order of a sum depends on the length alone.

/// Sums side by side in 64 bits: two to four vectors.
pub(crate) const SUMS: usize = 8;

/// a = a + b.
pub fn add(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}

/// a = a·b, element by element.
pub fn multiply(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a *= b);
}

/// y = y + t·x, in 64 bits.
pub fn add_scaled(y: &mut [f64], t: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += t * x);
}

/// Adds the sums side by side.
pub(crate) fn total(sums: [f64; SUMS]) -> f64 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// Σ aᵢbᵢ, in 64 bits.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; SUMS];
    let ends = a.chunks_exact(SUMS).remainder().iter().zip(b.chunks_exact(SUMS).remainder());
    for (a, b) in a.chunks_exact(SUMS).zip(b.chunks_exact(SUMS)) {
        for k in 0..SUMS {
            sums[k] += a[k] * b[k];
        }
    }
    ends.fold(total(sums), |sum, (a, b)| sum + a * b)
}

/// Σ (a − b)², in 64 bits.
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; SUMS];
    for (a, b) in a.chunks(SUMS).zip(b.chunks(SUMS)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += (a - b) * (a - b);
        }
    }
    total(sums)
}

/// a = factor·a.
pub fn scale(a: &mut [f32], factor: f32) {
    a.iter_mut().for_each(|a| *a *= factor);
}

/// The sum of the squares.
pub fn squares(values: &[f32]) -> f64 {
    let mut sums = [0.0; 8];
    for eight in values.chunks(8) {
        for (sum, &value) in sums.iter_mut().zip(eight) {
            *sum += f64::from(value) * f64::from(value);
        }
    }
    sums.iter().sum()
}

/// Clamps to ± most; NaN stays NaN. By the bits, because LLVM turns a comparison of floats into relaxed_min and relaxed_max,
/// which may drop a NaN.
pub fn clamp(values: &mut [f32], most: f32) {
    const SIGN: u32 = 1 << 31;
    let most = most.to_bits();
    for value in values {
        let bits = value.to_bits();
        let size = bits & !SIGN;
        let cut = if size > most && size <= f32::INFINITY.to_bits() { most } else { size };
        *value = f32::from_bits((bits & SIGN) | cut);
    }
}

/// Whether all a + b are finite: only then is 0·(a + b) 0. Several sums, because the additions of a single one wait for each
/// other.
pub fn sums_are_finite(a: &[f32], b: &[f32]) -> bool {
    const SUMS: usize = 16;
    let mut sums = [0.0f32; SUMS];
    let (a, b) = (a.chunks_exact(SUMS), b.chunks_exact(SUMS));
    for (a, b) in a.remainder().iter().zip(b.remainder()) {
        sums[0] += (a + b) * 0.0;
    }
    for (a, b) in a.zip(b) {
        for i in 0..SUMS {
            sums[i] += (a[i] + b[i]) * 0.0;
        }
    }
    sums.iter().all(|&sum| sum == 0.0)
}

/// y = (x − shift)·factor.
pub fn shift_scale(x: &[f32], y: &mut [f32], shift: f32, factor: f32) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = (x - shift) * factor);
}

/// y = x·factor + shift.
pub fn scale_shift(x: &[f32], y: &mut [f32], factor: f32, shift: f32) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = x * factor + shift);
}

/// Reads numbers `stride` apart.
pub fn gather(from: &[f32], stride: usize, into: &mut [f32]) {
    for (to, &from) in into.iter_mut().zip(from.iter().step_by(stride)) {
        *to = from;
    }
}

/// Writes bytes as numbers from 0 to 1, `stride` apart.
pub fn spread_bytes(from: &[u8], into: &mut [f32], stride: usize) {
    for (to, &from) in into.iter_mut().step_by(stride).zip(from) {
        *to = f32::from(from) * (1.0 / 255.0);
    }
}

/// Writes numbers `stride` apart.
pub fn spread(from: &[f32], into: &mut [f32], stride: usize) {
    for (to, &from) in into.iter_mut().step_by(stride).zip(from) {
        *to = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_any_length() {
        assert_eq!(squares(&[]), 0.0);
        assert_eq!(squares(&[3.0]), 9.0);
        let values: Vec<f32> = (1..=19).map(|i| i as f32).collect();
        assert_eq!(squares(&values), (1..=19).map(|i| f64::from(i * i)).sum::<f64>());
        // Beyond the range of 32 bits.
        assert_eq!(squares(&[1e30, 1e30]), 2.0 * f64::from(1e30f32) * f64::from(1e30f32));
    }

    #[test]
    fn a_sum_that_is_not_finite_is_found_wherever_it_is() {
        for at in [0, 15, 16, 31, 32] {
            for bad in [f32::NAN, f32::INFINITY, f32::MAX] {
                let mut a = [1.0; 33];
                assert!(sums_are_finite(&a, &a));
                a[at] = bad;
                assert!(!sums_are_finite(&a, &a), "{bad} at {at}");
            }
        }
    }

    #[test]
    fn values_are_spread_with_a_stride() {
        let mut into = [7.0; 6];
        spread(&[1.0, 2.0], &mut into[1..], 3);
        assert_eq!(into, [7.0, 1.0, 7.0, 7.0, 2.0, 7.0]);
        let mut back = [0.0; 2];
        gather(&into[1..], 3, &mut back);
        assert_eq!(back, [1.0, 2.0]);
        spread_bytes(&[255, 51], &mut into, 5);
        assert_eq!(into, [1.0, 1.0, 7.0, 7.0, 2.0, 51.0 * (1.0 / 255.0)]);
    }
}
