//! Convolution and pooling.

use super::{alike, error_of_sum, lane, lane_f32, values, wide, within};
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::window::{Offsets, Window};
use hebb_kernels::{conv2d as conv, naive, pool2d as pool, single};
use ndarray::{Array1, Array3, ArrayView3, ArrayView4};

fn pair(random: &mut Random, below: usize, plus: usize) -> [usize; 2] {
    [0; 2].map(|_| random.below(below) + plus)
}

/// A window that fits, its strides, dilations and one-sided paddings at random.
fn window(random: &mut Random, pooling: bool) -> Window {
    let (mut channels, mut kernel) = (random.below(6) + 1, pair(random, 5, 1));
    // More taps than a convolution packs at once: in all, or in a single run.
    match random.below(if pooling { 1 } else { 8 }) {
        1 => channels = 100 + random.below(100),
        2 => (channels, kernel) = (1, [1 + random.below(2), 1000 + random.below(1100)]),
        _ => {}
    }
    let stride = pair(random, 3, 1);
    let dilation = if pooling { [1, 1] } else { pair(random, 3, 1) };
    let mut side = |d: usize| random.below(if pooling { kernel[d] } else { 4 });
    let (padding, end) = ([side(0), side(1)], [side(0), side(1)]);
    let reach = [0, 1].map(|d| (kernel[d] - 1) * dilation[d] + 1);
    let extra = pair(random, 8, 0);
    let input = [0, 1].map(|d| (reach[d] + extra[d]).saturating_sub(padding[d] + end[d]).max(1));
    let ceil = pooling && random.below(2) == 0;
    let filters = if pooling { channels } else { random.below(9) + 1 };
    let output = [0, 1].map(|d| {
        let rest = (padding[d] + input[d] + end[d]).saturating_sub(reach[d]);
        let whole = rest / stride[d] + 1;
        let begins = whole * stride[d] < padding[d] + input[d];
        whole + usize::from(ceil && !rest.is_multiple_of(stride[d]) && begins)
    });
    Window { channels, input, filters, output, kernel, stride, dilation, padding, end }
}

pub(in crate::selftest) fn conv2d(random: &mut Random, level: Level) -> Result<(), String> {
    let g = window(random, false);
    let block = level.block();
    let [ih, iw] = g.input;
    let [oh, ow] = g.output;
    let [kh, kw] = g.kernel;
    let (w, b) = (values(random, g.filters * g.channels * kh * kw), values(random, g.filters));
    let (x, dy) = (values(random, g.channels * ih * iw * block), values(random, g.filters * oh * ow * block));
    let (mut y, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
    let (mut dw, mut db) = (vec![0.5f32; w.len()], vec![0.5f32; g.filters]);
    let (cut, cut_in) = (random.below(g.filters + 1), random.below(g.channels + 1));
    let (offsets, places) = (Offsets::of(&g), single::offsets(&g));
    // The first sample, alone.
    let alone: Vec<f32> = x.iter().step_by(block).copied().chain([0.0; single::BEYOND]).collect();
    let (mut planes, mut one) = (vec![0.0; single::planes(&g) + single::BEYOND], vec![0.0; dy.len() / block]);
    let cuts = single::planes(&g) > 0;
    // SAFETY: every slice has the size that the window and block give it.
    unsafe {
        if cuts {
            single::cut(&g, alone.as_ptr(), planes.as_mut_ptr());
        }
        let planes = if cuts { planes.as_ptr() } else { alone.as_ptr() };
        for rows in [0..cut, cut..g.filters] {
            let (w, b) = (w.as_ptr(), b.as_ptr());
            conv::forward(level, &g, &offsets, w, b, x.as_ptr(), y.as_mut_ptr(), rows.clone());
            single::conv2d(level, &g, &places, w, b, planes, one.as_mut_ptr(), rows.clone());
            conv::backward_parameters(
                level,
                &g,
                x.as_ptr(),
                dy.as_ptr(),
                dw.as_mut_ptr(),
                db.as_mut_ptr(),
                rows,
            );
        }
        for rows in [0..cut_in, cut_in..g.channels] {
            conv::backward_input(level, &g, &offsets, w.as_ptr(), dy.as_ptr(), dx.as_mut_ptr(), rows);
        }
    }
    let shown = |what: &str| format!("{what} of {g:?}");
    let w64 = wide(&w);
    let w64 = ArrayView4::from_shape((g.filters, g.channels, kh, kw), &w64).expect("w has this shape");
    let mut sums = (ndarray::Array4::from_elem(w64.dim(), 0.5), Array1::from_elem(g.filters, 0.5));
    for l in 0..block {
        let (x, dy) = (lane(&x, l, block), lane(&dy, l, block));
        let x = ArrayView3::from_shape((g.channels, ih, iw), &x).expect("x has this shape");
        let dy = ArrayView3::from_shape((g.filters, oh, ow), &dy).expect("dy has this shape");
        let expected = naive::conv2d(&g, w64, Array1::from(wide(&b)).view(), x);
        let taps = kh * kw;
        let error = error_of_sum(g.channels * taps);
        within(&shown("y"), lane_f32(&y, l, block), expected.into_iter(), error)?;
        let (dx64, dw64, db64) = naive::conv2d_backward(&g, w64, x, dy);
        within(&shown("dx"), lane_f32(&dx, l, block), dx64.into_iter(), error_of_sum(g.filters * taps))?;
        sums.0 += &dw64;
        sums.1 += &db64;
    }
    alike(&shown("a sample alone"), &one, &y, block)?;
    within(&shown("dw"), dw.into_iter(), sums.0.into_iter(), error_of_sum(oh * ow * block))?;
    within(&shown("db"), db.into_iter(), sums.1.into_iter(), error_of_sum(oh * ow * block))
}

/// The buffers of a pooling: x, dy, and room for y, dx and the choice.
struct Pool {
    g: Window,
    x: Vec<f32>,
    dy: Vec<f32>,
    y: Vec<f32>,
    dx: Vec<f32>,
    choice: Vec<f32>,
}

impl Pool {
    fn new(random: &mut Random, block: usize) -> Self {
        let g = window(random, true);
        let x = values(random, g.channels * g.input[0] * g.input[1] * block);
        let dy = values(random, g.channels * g.output[0] * g.output[1] * block);
        let (y, choice, dx) = (vec![0.0; dy.len()], vec![0.0; dy.len()], vec![1.0; x.len()]);
        Self { g, x, dy, y, dx, choice }
    }

    /// The x of the first sample alone, and room for its y.
    fn alone(&self, block: usize) -> (Vec<f32>, Vec<f32>) {
        (self.x.iter().step_by(block).copied().collect(), vec![0.0; self.y.len() / block])
    }

    fn check(
        &self,
        block: usize,
        naive: impl Fn(ArrayView3<f64>, ArrayView3<f64>) -> (Array3<f64>, Array3<f64>),
    ) -> Result<(), String> {
        let g = &self.g;
        let error = error_of_sum(g.kernel[0] * g.kernel[1]);
        for l in 0..block {
            let (x, dy) = (lane(&self.x, l, block), lane(&self.dy, l, block));
            let x =
                ArrayView3::from_shape((g.channels, g.input[0], g.input[1]), &x).expect("x has this shape");
            let dy = ArrayView3::from_shape((g.channels, g.output[0], g.output[1]), &dy)
                .expect("dy has this shape");
            let (y, dx) = naive(x, dy);
            within(&format!("y of {g:?}"), lane_f32(&self.y, l, block), y.into_iter(), error)?;
            within(&format!("dx of {g:?}"), lane_f32(&self.dx, l, block), dx.into_iter(), error)?;
        }
        Ok(())
    }
}

pub(in crate::selftest) fn max_pool2d(random: &mut Random, level: Level) -> Result<(), String> {
    let mut p = Pool::new(random, level.block());
    // SAFETY: every buffer has the size that the window and block give it.
    unsafe {
        pool::max_forward(level, &p.g, p.x.as_ptr(), p.y.as_mut_ptr(), p.choice.as_mut_ptr());
        pool::max_backward(level, &p.g, p.dy.as_ptr(), p.choice.as_ptr(), p.dx.as_mut_ptr());
        let (x, mut one) = p.alone(level.block());
        single::max_pool2d(level, &p.g, x.as_ptr(), one.as_mut_ptr());
        alike("a sample alone", &one, &p.y, level.block())?;
    }
    p.check(level.block(), |x, dy| {
        let (y, choice) = naive::max_pool2d(&p.g, x);
        (y, naive::max_pool2d_backward(&p.g, &choice, dy))
    })
}

pub(in crate::selftest) fn average_pool2d(random: &mut Random, level: Level) -> Result<(), String> {
    let mut p = Pool::new(random, level.block());
    let divisor = [pool::Divisor::Inside, pool::Divisor::Padded, pool::Divisor::One][random.below(3)];
    // SAFETY: as above.
    unsafe {
        pool::average_forward(level, &p.g, divisor, p.x.as_ptr(), p.y.as_mut_ptr());
        pool::average_backward(level, &p.g, divisor, p.dy.as_ptr(), p.dx.as_mut_ptr());
        let (x, mut one) = p.alone(level.block());
        single::average_pool2d(level, &p.g, divisor, x.as_ptr(), one.as_mut_ptr());
        alike("a sample alone", &one, &p.y, level.block())?;
    }
    p.check(level.block(), |x, dy| {
        (naive::average_pool2d(&p.g, divisor, x), naive::average_pool2d_backward(&p.g, divisor, dy))
    })
}
