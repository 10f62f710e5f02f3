//! Convolution by fewer multiplications, against the twin of convolution.

use super::{alike, lane, lane_f32, values, wide};
use crate::selftest::close;
use hebb_kernels::naive;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::window::Window;
use hebb_kernels::winograd::{Winograd, part, single};
use ndarray::{Array1, Array4, ArrayView3, ArrayView4};

/// A window at random: more channels than a step, more filters than a part, more tiles than a step, each sometimes.
fn window(random: &mut Random) -> Window {
    let size = [3, 5][random.below(2)];
    let [channels, filters] = [0; 2].map(|_| {
        let most = [4, 20, 66][random.below(3)];
        random.below(most) + 1
    });
    let most = if channels * filters > 400 { 5 } else { 22 };
    let side = |random: &mut Random| [random.below(size), random.below(size)];
    let (padding, end) = (side(random), side(random));
    let output = [random.below(most) + 1, random.below(most) + 1];
    let input = [0, 1].map(|d| (output[d] + size - 1).saturating_sub(padding[d] + end[d]).max(1));
    let output = [0, 1].map(|d| (padding[d] + input[d] + end[d] + 1).saturating_sub(size).max(1));
    let end = [0, 1].map(|d| (output[d] + size - 1).saturating_sub(padding[d] + input[d]));
    let (kernel, stride, dilation) = ([size; 2], [1; 2], [1; 2]);
    Window { channels, input, filters, output, kernel, stride, dilation, padding, end }
}

pub(in crate::selftest) fn winograd(random: &mut Random, level: Level) -> Result<(), String> {
    let g = window(random);
    let shown = |what: &str| format!("{what} of {g:?}");
    let Some(forward) = Winograd::of(&g) else { return Err(shown("nothing")) };
    let (backward, block) = (forward.backward(), level.block());
    let ([ih, iw], [oh, ow], taps) = (g.input, g.output, g.kernel[0] * g.kernel[1]);
    let (w, b) = (values(random, g.filters * g.channels * taps), values(random, g.filters));
    let (x, dy) = (values(random, g.channels * ih * iw * block), values(random, g.filters * oh * ow * block));
    let (mut y, mut dx) = (vec![f32::NAN; dy.len()], vec![f32::NAN; x.len()]);
    let (mut dw, mut db) = (vec![0.5f32; w.len()], vec![0.5f32; g.filters]);
    let mut scratch = vec![f32::NAN; forward.scratch().max(backward.scratch())];
    let scratch = scratch.as_mut_ptr();
    // The first sample, alone.
    let alone: Vec<f32> = x.iter().step_by(block).copied().collect();
    let [mut image, mut v] = single::sizes(&forward, block).map(|size| vec![f32::NAN; size]);
    let [mut packed, mut m] =
        [single::packed(&forward), single::scratch(&forward)].map(|size| vec![f32::NAN; size]);
    let (image, v, packed, m) = (image.as_mut_ptr(), v.as_mut_ptr(), packed.as_mut_ptr(), m.as_mut_ptr());
    let mut one = vec![f32::NAN; dy.len() / block];
    // SAFETY: every slice has the size that the window and block give it.
    unsafe {
        for part in 0..single::input_parts(&forward) {
            single::prepare(&forward, level, part, alone.as_ptr(), image, v);
        }
        for part in 0..single::parts(&forward) {
            single::pack(&forward, level, part, w.as_ptr(), packed, m);
            single::forward(&forward, level, part, packed, b.as_ptr(), v, one.as_mut_ptr(), m);
        }
        for rows in (0..).map(|at| part(at, g.filters)).take_while(|rows| !rows.is_empty()) {
            let w = (w.as_ptr(), forward.strides());
            forward.forward(level, w, b.as_ptr(), x.as_ptr(), y.as_mut_ptr(), rows.clone(), scratch);
            let (dw, db) = (dw.as_mut_ptr(), db.as_mut_ptr());
            forward.backward_parameters(level, x.as_ptr(), dy.as_ptr(), dw, db, rows, scratch);
        }
        for rows in (0..).map(|at| part(at, g.channels)).take_while(|rows| !rows.is_empty()) {
            let (w, none) = ((w.as_ptr(), backward.turned_strides()), std::ptr::null());
            backward.forward(level, w, none, dy.as_ptr(), dx.as_mut_ptr(), rows, scratch);
        }
    }
    let w64 = wide(&w);
    let w64 =
        ArrayView4::from_shape((g.filters, g.channels, g.kernel[0], g.kernel[1]), &w64).expect("its shape");
    let mut sums = (Array4::from_elem(w64.dim(), 0.5), Array1::from_elem(g.filters, 0.5));
    for l in 0..block {
        let (x, dy) = (lane(&x, l, block), lane(&dy, l, block));
        let x = ArrayView3::from_shape((g.channels, ih, iw), &x).expect("x has this shape");
        let dy = ArrayView3::from_shape((g.filters, oh, ow), &dy).expect("dy has this shape");
        let expected = naive::conv2d(&g, w64, Array1::from(wide(&b)).view(), x);
        close(&shown("y"), lane_f32(&y, l, block), expected.into_iter(), ERROR)?;
        let (dx64, dw64, db64) = naive::conv2d_backward(&g, w64, x, dy);
        close(&shown("dx"), lane_f32(&dx, l, block), dx64.into_iter(), ERROR)?;
        sums.0 += &dw64;
        sums.1 += &db64;
    }
    alike(&shown("a sample alone"), &one, &y, block)?;
    close(&shown("dw"), dw.into_iter(), sums.0.into_iter(), ERROR)?;
    close(&shown("db"), db.into_iter(), sums.1.into_iter(), ERROR)
}

/// Relative to the largest value.
const ERROR: f64 = 2e-5;
