//! Rows of a table.

use super::{close, lane, lane_f32, values, wide};
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::{embedding as kernel, naive};
use ndarray::Array2;

pub(in crate::selftest) fn embedding(random: &mut Random, level: Level) -> Result<(), String> {
    let [vocabulary, units, steps] = [30, 40, 7].map(|most| random.below(most) + 1);
    let lanes = [1, level.block()][random.below(2)];
    let count = random.below(lanes) + 1;
    let table = values(random, vocabulary * units);
    let tokens: Vec<f32> = (0..steps * lanes).map(|_| random.below(vocabulary) as f32).collect();
    let dy = values(random, steps * units * lanes);
    let (mut y, mut gradient) = (vec![0.0f32; steps * units * lanes], vec![0.5f32; vocabulary * units]);
    kernel::forward(&table, &tokens, &mut y, units, lanes);
    let cut = random.below(units + 1);
    for columns in [0..cut, cut..units] {
        let sizes = [units, lanes, count];
        // SAFETY: the gradient has the size of the table.
        unsafe { kernel::backward(gradient.as_mut_ptr(), vocabulary, &tokens, &dy, sizes, columns) };
    }
    let matrix = |rows: usize, values: Vec<f64>| {
        Array2::from_shape_vec((rows, units), values)
            .expect("the sizes are those of the table and of the steps")
    };
    let wide_table = matrix(vocabulary, wide(&table));
    let mut expected = Array2::from_elem((vocabulary, units), 0.5);
    for sample in 0..lanes {
        let own: Vec<usize> = lane(&tokens, sample, lanes).into_iter().map(|token| token as usize).collect();
        let rows = naive::embedding(wide_table.view(), &own);
        close("y", lane_f32(&y, sample, lanes), rows.into_iter(), 0.0)?;
        if sample < count {
            let dy = matrix(steps, lane(&dy, sample, lanes));
            expected += &naive::embedding_backward(vocabulary, &own, dy.view());
        }
    }
    close("dtable", gradient.into_iter(), expected.into_iter(), 2e-5)?;
    // What is no token reads some row, and never other memory.
    let wrong = [f32::NAN, -1.0, 1e30, f32::INFINITY, -0.0, vocabulary as f32]
        .map(|token| vec![token; lanes])
        .concat();
    let mut y = vec![f32::NAN; 6 * units * lanes];
    kernel::forward(&table, &wrong, &mut y, units, lanes);
    match y.iter().all(|value| table.contains(value)) {
        true => Ok(()),
        false => Err("a wrong token reads other memory than the table".to_owned()),
    }
}
