//! From a block's coefficients to its samples: the inverse cosine transform of libjpeg ("islow"), in integers of 13 bits, by
//! C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989.

use super::tables::Quantization;
use std::array::from_fn;
use std::num::Wrapping;

/// A block's 64 coefficients, row by row.
#[derive(Clone, Copy)]
pub struct Block(pub [i16; 64]);

impl Default for Block {
    fn default() -> Self {
        Self([0; 64])
    }
}

/// Eight columns side by side. Damaged files may overflow, which does no harm.
type Lanes = [Wrapping<i32>; 8];

/// Bits after the point of the constants, and of the numbers between the two passes.
const BITS: usize = 13;
const BETWEEN: usize = 2;

/// The samples of a block, by rows.
pub fn inverse(block: &Block, quantization: &Quantization) -> [[u8; 8]; 8] {
    // libjpeg-turbo multiplies in 16 bits.
    let coefficient = |i: usize| Wrapping(i32::from(block.0[i].wrapping_mul(quantization[i] as i16)));
    if block.0[1..].iter().all(|&value| value == 0) {
        let mean = ((coefficient(0) << BETWEEN) + Wrapping(1 << (BETWEEN + 2))) >> (BETWEEN + 3);
        return [[sample(mean); 8]; 8];
    }
    let rows: [Lanes; 8] = from_fn(|row| from_fn(|column| coefficient(8 * row + column)));
    let columns = transposed(pass(rows, BITS - BETWEEN));
    transposed(pass(columns, BITS + BETWEEN + 3)).map(|row| row.map(sample))
}

fn sample(value: Wrapping<i32>) -> u8 {
    (value.0.saturating_add(128)).clamp(0, 255) as u8
}

fn transposed(rows: [Lanes; 8]) -> [Lanes; 8] {
    from_fn(|i| from_fn(|j| rows[j][i]))
}

/// A transform of eight numbers, in each lane, divided by 2^`shift` and rounded.
fn pass(rows: [Lanes; 8], shift: usize) -> [Lanes; 8] {
    let mut out = [[Wrapping(0); 8]; 8];
    for lane in 0..8 {
        let [x0, x1, x2, x3, x4, x5, x6, x7] = rows.map(|row| row[lane]);
        let times = |value: Wrapping<i32>, constant: i32| value * Wrapping(constant);
        // The even half. 4433 is 0.541196100 · 2¹³, and so on.
        let z = times(x2 + x6, 4433);
        let (e2, e3) = (z - times(x6, 15_137), z + times(x2, 6270));
        let (e0, e1) = ((x0 + x4) << BITS, (x0 - x4) << BITS);
        let even = [e0 + e3, e1 + e2, e1 - e2, e0 - e3];
        // The odd half.
        let z5 = times(x7 + x3 + x5 + x1, 9633);
        let z1 = times(x7 + x1, -7373);
        let z2 = times(x5 + x3, -20_995);
        let z3 = times(x7 + x3, -16_069) + z5;
        let z4 = times(x5 + x1, -3196) + z5;
        let odd = [
            times(x1, 12_299) + z1 + z4,
            times(x3, 25_172) + z2 + z3,
            times(x5, 16_819) + z2 + z4,
            times(x7, 2446) + z1 + z3,
        ];
        let half = Wrapping(1 << (shift - 1));
        for i in 0..4 {
            out[i][lane] = (even[i] + odd[i] + half) >> shift;
            out[7 - i][lane] = (even[i] - odd[i] + half) >> shift;
        }
    }
    out
}
