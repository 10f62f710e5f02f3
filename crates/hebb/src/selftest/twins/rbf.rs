//! Radial basis functions.

use super::{close, error_of_sum, lane, lane_f32, values, wide, within};
use hebb_kernels::dense::Blocks;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::{naive, rbf};
use ndarray::{Array1, Array2, ArrayView2};

pub(in crate::selftest) fn radial_basis(random: &mut Random, level: Level) -> Result<(), String> {
    let block = level.block();
    let (features, units) = (random.below(40) + 1, random.below(40) + 1);
    let distance = features.max(units) * block + 8;
    let batch = Blocks { count: random.below(3) + 1, x: distance, y: distance, samples: block };
    let size = batch.count * distance;
    // Now and then all are far from the origin: only their differences count.
    let far = [0.0, 0.0, 1000.0][random.below(3)];
    let moved = |mut values: Vec<f32>| {
        values.iter_mut().for_each(|value| *value += far);
        values
    };
    let (centers, x) = (moved(values(random, units * features)), moved(values(random, size)));
    let (log_widths, dy) = (values(random, units), values(random, size));
    let [mut squares, mut y, mut g, mut dx] = [0; 4].map(|_| vec![0.0f32; size]);
    let (mut dc, mut ds) = (vec![0.5f32; units * features], vec![0.5f32; units]);
    // Odd cuts, as parallel parts would make them.
    let (cut, cut_in) = (random.below(units + 1), random.below(features + 1));
    // SAFETY: every slice has the size that features, units, block and the batch give it.
    unsafe {
        let (c, x) = (centers.as_ptr(), x.as_ptr());
        for rows in [0..cut, cut..units] {
            rbf::distances(level, batch, c, x, squares.as_mut_ptr(), features, rows);
        }
        for at in (0..size).step_by(distance) {
            let (squares, y) = (squares.as_ptr().add(at), y.as_mut_ptr().add(at));
            let dy = dy.as_ptr().add(at);
            rbf::bells(level, &log_widths, squares, y);
            rbf::bells_backward(level, &log_widths, squares, y, dy, g.as_mut_ptr().add(at));
            rbf::widths_backward(level, &log_widths, squares, y, dy, ds.as_mut_ptr());
        }
        for rows in [0..cut, cut..units] {
            rbf::centers_backward(level, batch, c, x, g.as_ptr(), dc.as_mut_ptr(), features, rows);
        }
        for rows in [0..cut_in, cut_in..features] {
            rbf::backward_input(level, batch, c, x, g.as_ptr(), dx.as_mut_ptr(), features, units, rows);
        }
    }
    let c64 = wide(&centers);
    let c64 = ArrayView2::from_shape((units, features), &c64).expect("centers have this shape");
    let widths = Array1::from(wide(&log_widths)).mapv(f64::exp);
    let (mut dc64, mut ds64) = (Array2::from_elem((units, features), 0.5), Array1::from_elem(units, 0.5));
    for sample in 0..batch.count * block {
        let (l, from) = (sample % block, sample / block * distance);
        let own =
            |values: &[f32], count: usize| Array1::from(lane(&values[from..][..count * block], l, block));
        let (x, dy) = (own(&x, features), own(&dy, units));
        let expected = naive::rbf(c64, widths.view(), x.view());
        // The rounding of r² is relative: at most e⁻¹ of it remains in y.
        within("y", lane_f32(&y[from..][..units * block], l, block), expected.into_iter(), 1e-5)?;
        let (dx64, dc_share, ds_share) = naive::rbf_backward(c64, widths.view(), x.view(), dy.view());
        let dx = lane_f32(&dx[from..][..features * block], l, block);
        within("dx", dx, dx64.into_iter(), 10.0 * error_of_sum(units))?;
        dc64 += &dc_share;
        ds64 += &ds_share;
    }
    close("dc", dc.into_iter(), dc64.into_iter(), 2e-5)?;
    close("ds", ds.into_iter(), ds64.into_iter(), 2e-5)
}
