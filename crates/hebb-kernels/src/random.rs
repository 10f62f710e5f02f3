//! Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
//! 1, 2, 3", SC 2011). A number depends on seed, stream and index alone, never on what was drawn before.

use crate::parallel::{Shared, tasks};

/// The use of a sequence of random numbers. Streams are independent, so that adding a layer does not reshuffle the
/// data.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// The initial values of the parameter tensor of this number.
    Initialisation(u32),
    /// The order of the samples in this epoch.
    Shuffle(u32),
    /// The masks of the dropout layer of this number.
    Dropout(u32),
    /// Test data.
    Test(u32),
}

impl Stream {
    fn words(self) -> [u32; 2] {
        match self {
            Stream::Initialisation(n) => [1, n],
            Stream::Shuffle(n) => [2, n],
            Stream::Dropout(n) => [3, n],
            Stream::Test(n) => [4, n],
        }
    }
}

/// Four random words for a seed, a stream and an index.
pub fn philox(seed: u64, stream: Stream, index: u64) -> [u32; 4] {
    let [a, b] = stream.words();
    rounds([index as u32, (index >> 32) as u32, a, b], [seed as u32, (seed >> 32) as u32])
}

fn rounds(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let left = u64::from(counter[0]) * 0xD251_1F53;
        let right = u64::from(counter[2]) * 0xCD9E_8D57;
        counter = [
            (right >> 32) as u32 ^ counter[1] ^ key[0],
            right as u32,
            (left >> 32) as u32 ^ counter[3] ^ key[1],
            left as u32,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// A sequence of random numbers, drawn one after another.
#[derive(Clone, Debug)]
pub struct Random {
    seed: u64,
    stream: Stream,
    index: u64,
    words: [u32; 4],
    left: usize,
}

impl Random {
    /// The sequence of a seed and a stream.
    pub fn new(seed: u64, stream: Stream) -> Self {
        Self { seed, stream, index: 0, words: [0; 4], left: 0 }
    }

    /// The same sequence, after so many words, a multiple of 4.
    fn after(self, words: usize) -> Self {
        Self { index: (words / 4) as u64, ..self }
    }

    /// The next 32 random bits.
    pub fn bits(&mut self) -> u32 {
        if self.left == 0 {
            self.words = philox(self.seed, self.stream, self.index);
            self.index += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.words[self.left]
    }

    /// Uniform in [0, 1), a multiple of 2⁻²⁴.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Uniform in [low, high).
    pub fn uniform(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Normal with mean 0 and standard deviation 1: the sum of twelve uniforms less six (Irwin–Hall),
    /// which needs no transcendental function and is cut off at ±6.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| f64::from(self.bits()) * (1.0 / 4_294_967_296.0)).fold(-6.0, |sum, u| sum + u) as f32
    }

    /// Uniform in 0..bound by multiplication (Lemire 2019), without its rejection: the bias is below 2⁻³²·bound.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.bits()) * bound as u64) >> 32) as usize
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.below(i + 1));
        }
    }
}

/// Fills with the first numbers of [`Random::uniform`], in parallel.
pub fn fill_uniform(values: &mut [f32], low: f32, high: f32, seed: u64, stream: Stream) {
    fill(values, 1, &Random::new(seed, stream), |random| random.uniform(low, high));
}

/// Fills with the first numbers of [`Random::normal`], times `deviation`, in parallel.
pub fn fill_normal(values: &mut [f32], deviation: f32, seed: u64, stream: Stream) {
    fill(values, 12, &Random::new(seed, stream), |random| random.normal() * deviation);
}

/// Numbers that a task draws.
const PART: usize = 1 << 13;

/// Fills by drawing `words` words a number. A task begins at the words of its first number.
fn fill(values: &mut [f32], words: usize, start: &Random, draw: impl Fn(&mut Random) -> f32 + Sync) {
    let size = values.len();
    let out = Shared::new(values);
    // A word takes about as long as ten multiply–adds.
    tasks(size.div_ceil(PART), size * words * 10, &|part| {
        let from = part * PART;
        let mut random = start.clone().after(from * words);
        // SAFETY: each task has a part of its own, within `size`.
        let own = unsafe { std::slice::from_raw_parts_mut(out.at(from), PART.min(size - from)) };
        own.iter_mut().for_each(|value| *value = draw(&mut random));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_matches_the_known_answers_of_its_authors() {
        // The vectors philox4x32 10 in kat_vectors of Random123.
        assert_eq!(rounds([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            rounds([0xffff_ffff; 4], [0xffff_ffff; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let mut random = Random::new(1, Stream::Test(0));
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..100_000 {
            let x = f64::from(random.normal());
            sum += x;
            squares += x * x;
        }
        assert!((sum / 1e5).abs() < 0.01 && (squares / 1e5 - 1.0).abs() < 0.02, "{sum} {squares}");
    }

    #[test]
    fn filling_in_parallel_draws_the_same_numbers() {
        for size in [0, 1, PART - 1, PART, 3 * PART + 5] {
            let mut filled = vec![0.0; size];
            let one_by_one = |draw: fn(&mut Random) -> f32| -> Vec<f32> {
                let mut random = Random::new(9, Stream::Test(1));
                (0..size).map(|_| draw(&mut random)).collect()
            };
            fill_uniform(&mut filled, -2.0, 3.0, 9, Stream::Test(1));
            assert_eq!(filled, one_by_one(|random| random.uniform(-2.0, 3.0)));
            fill_normal(&mut filled, 0.5, 9, Stream::Test(1));
            assert_eq!(filled, one_by_one(|random| random.normal() * 0.5));
        }
    }

    #[test]
    fn a_shuffle_is_a_permutation() {
        let mut order: Vec<usize> = (0..1000).collect();
        Random::new(7, Stream::Shuffle(0)).shuffle(&mut order);
        assert_ne!(order, (0..1000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
    }
}
