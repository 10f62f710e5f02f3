//! Each kernel against its naive twin, over random shapes.

use super::{close, within};
use crate::expression::{Expression, Operation};
use crate::kernels::activation::Elementwise;
use crate::kernels::window::{Offsets, Window};
use crate::kernels::{
    activation, conv2d as conv, dense as full, local_response_norm as response, naive, pool2d as pool,
    single, softmax as soft,
};
use crate::random::Random;
use crate::simd::Level;
use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView2, ArrayView3, ArrayView4};
use response::Response;

fn values(random: &mut Random, count: usize) -> Vec<f32> {
    (0..count).map(|_| random.uniform(-1.0, 1.0)).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// What a sum of this many values in [−1, 1] may be off: it can cancel to nearly nothing, its error cannot.
fn error_of_sum(terms: usize) -> f64 {
    4e-6 * (terms as f64).sqrt()
}

/// One lane of `[features][block]`.
fn lane(values: &[f32], lane: usize, block: usize) -> Vec<f64> {
    values[lane..].iter().step_by(block).map(|&value| f64::from(value)).collect()
}

fn lane_f32(values: &[f32], lane: usize, block: usize) -> impl Iterator<Item = f32> + '_ {
    values[lane..].iter().step_by(block).copied()
}

pub(super) fn gemm(random: &mut Random, level: Level) -> Result<(), String> {
    // Now and then large enough for several tasks and runs.
    let most = [9, 70, 300][random.below(8).saturating_sub(5)];
    let [m, k, n] = [0; 3].map(|_| random.below(most) + 1);
    let (a, b) = (values(random, m * k), values(random, k * n));
    let matrix = |values: Vec<f32>, rows, columns, turned: bool| {
        let shape = if turned { (columns, rows) } else { (rows, columns) };
        let matrix = Array2::from_shape_vec(shape, values).expect("the values of this shape");
        if turned { matrix.reversed_axes() } else { matrix }
    };
    let (a, b) = (matrix(a, m, k, random.below(2) == 0), matrix(b, k, n, random.below(2) == 0));
    let c = crate::kernels::gemm::gemm(level, a.view(), b.view()).map_err(|error| error.to_string())?;
    let expected = naive::gemm(a.mapv(f64::from).view(), b.mapv(f64::from).view());
    within(&format!("[{m}, {k}] · [{k}, {n}]"), c.into_iter(), expected.into_iter(), error_of_sum(k))
}

pub(super) fn dense(random: &mut Random, level: Level) -> Result<(), String> {
    let block = level.block();
    // Now and then longer than a run.
    let most = [70, 600][random.below(8) / 7];
    let (inputs, units) = (random.below(most) + 1, random.below(40) + 1);
    let (inputs, units) = if random.below(2) == 0 { (inputs, units) } else { (units, inputs) };
    let distance = full::scratch(inputs, block).max(units * block) + 8;
    let batch = full::Blocks { count: random.below(3) + 1, distance, samples: block };
    let size = batch.count * distance;
    let (w, b) = (values(random, inputs * units), values(random, units));
    let (x, dy) = (values(random, size), values(random, size));
    let (mut y, mut dx, mut xt) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let (mut dw, mut db) = (vec![0.5f32; inputs * units], vec![0.5f32; units]);
    let mut alone = vec![0.0; single::dense_scratch(inputs, units)];
    let mut one = vec![0.0; units * block];
    // Odd cuts, as parallel parts would make them.
    let (cut, cut_in) = (random.below(units + 1), random.below(inputs + 1));
    // SAFETY: every slice has the size that inputs, units, block and the batch give it.
    unsafe {
        for from in (0..size).step_by(distance) {
            full::transpose(level, x.as_ptr().add(from), xt.as_mut_ptr().add(from), inputs);
        }
        single::gather(block, x.as_ptr(), alone.as_mut_ptr(), inputs);
        for rows in [0..cut, cut..units] {
            let (w, b, x, y) = (w.as_ptr(), b.as_ptr(), x.as_ptr(), y.as_mut_ptr());
            full::forward(level, batch, w, b, x, y, inputs, rows.clone());
            single::dense(level, w, b, alone.as_mut_ptr(), one.as_mut_ptr(), inputs, rows.clone());
            let (xt, dy, dw, db) = (xt.as_ptr(), dy.as_ptr(), dw.as_mut_ptr(), db.as_mut_ptr());
            full::backward_parameters(level, batch, xt, dy, dw, db, inputs, rows);
        }
        for rows in [0..cut_in, cut_in..inputs] {
            full::backward_input(level, batch, w.as_ptr(), dy.as_ptr(), dx.as_mut_ptr(), inputs, units, rows);
        }
    }
    let w64 = wide(&w);
    let w64 = ArrayView2::from_shape((units, inputs), &w64).expect("w has this shape");
    let (mut dw64, mut db64) =
        (ndarray::Array2::from_elem((units, inputs), 0.5), Array1::from_elem(units, 0.5));
    for sample in 0..batch.count * block {
        let (l, from) = (sample % block, sample / block * distance);
        let own = |values: &[f32], features: usize| {
            Array1::from(lane(&values[from..][..features * block], l, block))
        };
        let (x, dy) = (own(&x, inputs), own(&dy, units));
        let expected = naive::dense(w64, Array1::from(wide(&b)).view(), x.view());
        let y = lane_f32(&y[from..][..units * block], l, block);
        within("y", y, expected.iter().copied(), error_of_sum(inputs))?;
        if sample == 0 {
            within("a single y", lane_f32(&one, 0, block), expected.into_iter(), error_of_sum(inputs))?;
        }
        let (dx64, share) = naive::dense_backward(w64, x.view(), dy.view());
        let dx = lane_f32(&dx[from..][..inputs * block], l, block);
        within("dx", dx, dx64.into_iter(), error_of_sum(units))?;
        dw64 += &share;
        db64 += &dy;
    }
    let samples = batch.count * block;
    within("dw", dw.into_iter(), dw64.into_iter(), error_of_sum(samples))?;
    within("db", db.into_iter(), db64.into_iter(), error_of_sum(samples))
}

fn pair(random: &mut Random, below: usize, plus: usize) -> [usize; 2] {
    [0; 2].map(|_| random.below(below) + plus)
}

/// A window that fits, its strides, dilations and one-sided paddings at random.
fn window(random: &mut Random, pooling: bool) -> Window {
    let channels = random.below(6) + 1;
    let (kernel, stride) = (pair(random, 5, 1), pair(random, 3, 1));
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

pub(super) fn conv2d(random: &mut Random, level: Level) -> Result<(), String> {
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
    let (mut planes, mut one) = (vec![0.0; single::planes(&g) + single::BEYOND], vec![0.0; dy.len()]);
    // SAFETY: every slice has the size that the window and block give it.
    unsafe {
        single::cut(&g, block, x.as_ptr(), planes.as_mut_ptr());
        for rows in [0..cut, cut..g.filters] {
            let (w, b) = (w.as_ptr(), b.as_ptr());
            conv::forward(level, &g, &offsets, w, b, x.as_ptr(), y.as_mut_ptr(), rows.clone());
            single::conv2d(level, &g, &places, w, b, planes.as_ptr(), one.as_mut_ptr(), rows.clone());
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
        within(&shown("y"), lane_f32(&y, l, block), expected.iter().copied(), error)?;
        if l == 0 {
            within(&shown("a single y"), lane_f32(&one, l, block), expected.into_iter(), error)?;
        }
        let (dx64, dw64, db64) = naive::conv2d_backward(&g, w64, x, dy);
        within(&shown("dx"), lane_f32(&dx, l, block), dx64.into_iter(), error_of_sum(g.filters * taps))?;
        sums.0 += &dw64;
        sums.1 += &db64;
    }
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

pub(super) fn max_pool2d(random: &mut Random, level: Level) -> Result<(), String> {
    let mut p = Pool::new(random, level.block());
    // SAFETY: every buffer has the size that the window and block give it.
    unsafe {
        pool::max_forward(level, &p.g, p.x.as_ptr(), p.y.as_mut_ptr(), p.choice.as_mut_ptr());
        pool::max_backward(level, &p.g, p.dy.as_ptr(), p.choice.as_ptr(), p.dx.as_mut_ptr());
    }
    p.check(level.block(), |x, dy| {
        let (y, choice) = naive::max_pool2d(&p.g, x);
        (y, naive::max_pool2d_backward(&p.g, &choice, dy))
    })
}

pub(super) fn average_pool2d(random: &mut Random, level: Level) -> Result<(), String> {
    let mut p = Pool::new(random, level.block());
    let count = random.below(2) == 0;
    // SAFETY: as above.
    unsafe {
        pool::average_forward(level, &p.g, count, p.x.as_ptr(), p.y.as_mut_ptr());
        pool::average_backward(level, &p.g, count, p.dy.as_ptr(), p.dx.as_mut_ptr());
    }
    p.check(level.block(), |x, dy| {
        (naive::average_pool2d(&p.g, count, x), naive::average_pool2d_backward(&p.g, count, dy))
    })
}

pub(super) fn local_response_norm(random: &mut Random, level: Level) -> Result<(), String> {
    let (channels, plane, block) = (random.below(9) + 1, random.below(7) + 1, level.block());
    let (alpha, beta, k) = (random.uniform(0.0, 2.0), random.uniform(0.1, 1.5), random.uniform(0.5, 2.0));
    let g = Response { channels, plane, size: random.below(7) + 1, alpha, beta, k };
    let x = values(random, channels * plane * block);
    let dy = values(random, x.len());
    let (mut y, mut s, mut dx) = (vec![0.0; x.len()], vec![0.0; x.len()], vec![0.0; x.len()]);
    // SAFETY: every slice has channels · plane rows.
    unsafe {
        response::forward(level, &g, x.as_ptr(), y.as_mut_ptr(), s.as_mut_ptr());
        response::backward(level, &g, x.as_ptr(), y.as_ptr(), s.as_ptr(), dy.as_ptr(), dx.as_mut_ptr());
    }
    for l in 0..block {
        let matrix = |values: &[f32]| {
            Array2::from_shape_vec((channels, plane), lane(values, l, block)).expect("of this shape")
        };
        let (x, dy) = (matrix(&x), matrix(&dy));
        let expected = naive::local_response_norm(&g, x.view());
        within(&format!("y of {g:?}"), lane_f32(&y, l, block), expected.into_iter(), 1e-5)?;
        let expected = naive::local_response_norm_backward(&g, x.view(), dy.view());
        within(&format!("dx of {g:?}"), lane_f32(&dx, l, block), expected.into_iter(), 2e-5)?;
    }
    Ok(())
}

pub(super) fn softmax(random: &mut Random, level: Level) -> Result<(), String> {
    let (features, block) = (random.below(20) + 1, level.block());
    let scale = [1.0, 10.0, 100.0][random.below(3)];
    let x: Vec<f32> = values(random, features * block).into_iter().map(|x| x * scale).collect();
    let dy = values(random, x.len());
    let (mut y, mut dx, mut log_sum) = (vec![0.0; x.len()], vec![0.0; x.len()], vec![0.0; block]);
    // SAFETY: every slice has `features` rows, `log_sum` one.
    unsafe {
        soft::forward(level, x.as_ptr(), y.as_mut_ptr(), log_sum.as_mut_ptr(), features);
        soft::backward(level, y.as_ptr(), dy.as_ptr(), dx.as_mut_ptr(), features);
    }
    for l in 0..block {
        let x64 = Array1::from(lane(&x, l, block));
        let expected = naive::softmax(x64.view());
        let dx64 = naive::softmax_backward(expected.view(), ArrayView1::from(&lane(&dy, l, block)));
        let largest = x64.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let sum = largest + x64.mapv(|x| (x - largest).exp()).sum().ln();
        close("y", lane_f32(&y, l, block), expected.into_iter(), 1e-5)?;
        // Near a one-hot y the difference dy − Σ y·dy cancels: the error is relative to dy, not to dx.
        within("dx", lane_f32(&dx, l, block), dx64.into_iter(), 1e-6)?;
        within("log sum", [log_sum[l]].into_iter(), [sum].into_iter(), 1e-5)?;
    }
    Ok(())
}

pub(super) fn activations(random: &mut Random, level: Level) -> Result<(), String> {
    let features = random.below(20) + 1;
    let x: Vec<f32> = values(random, features * level.block()).into_iter().map(|x| x * 8.0).collect();
    let dy = values(random, x.len());
    type Function = fn(f64) -> f64;
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let cases: [(Elementwise, Function, Function); 4] = [
        (Elementwise::Sigmoid, sigmoid, |x| 1.0 / (2.0 + x.exp() + (-x).exp())),
        (Elementwise::Tanh, f64::tanh, |x| 1.0 - x.tanh().powi(2)),
        (Elementwise::Relu, |x| x.max(0.0), |x| if x > 0.0 { 1.0 } else { 0.0 }),
        (
            Elementwise::Silu,
            |x| x / (1.0 + (-x).exp()),
            |x| {
                let s = 1.0 / (1.0 + (-x).exp());
                s + x * s * (1.0 - s)
            },
        ),
    ];
    for (kind, function, derivative) in cases {
        let (mut y, mut dx) = (x.clone(), dy.clone());
        // SAFETY: every slice has `features` rows.
        unsafe {
            activation::forward(level, kind, x.as_ptr(), y.as_mut_ptr(), features);
            activation::backward(level, kind, x.as_ptr(), y.as_ptr(), dy.as_ptr(), dx.as_mut_ptr(), features);
        }
        let expected: Vec<f64> = wide(&x).into_iter().map(function).collect();
        close(&format!("{kind:?}"), y.into_iter(), expected.iter().copied(), 1e-6)?;
        let slopes = wide(&x).into_iter().zip(&dy).map(|(x, &dy)| derivative(x) * f64::from(dy));
        // 1 − y² and y·(1 − y) cancel where y nears 1: the error is relative to dy.
        within(&format!("{kind:?}'"), dx.into_iter(), slopes, 1e-6)?;
    }
    Ok(())
}

/// A random expression of x and, as often, a target.
fn expression_of(random: &mut Random) -> Vec<Operation> {
    let mut all = vec![Operation::Input(0), Operation::Input(random.below(2)), Operation::Number(0.5)];
    for at in 3..random.below(12) + 5 {
        let [a, b, c, d] = [0; 4].map(|_| random.below(at));
        all.push(match random.below(16) {
            0 => Operation::Plus(a, b),
            1 => Operation::Minus(a, b),
            2 => Operation::Times(a, b),
            3 => Operation::Over(a, b),
            4 => Operation::Power(a, [2.0, 3.0, -1.0, 0.5, 1.5][random.below(5)]),
            5 => Operation::Exp(a),
            6 => Operation::Log(a),
            7 => Operation::Sqrt(a),
            8 => Operation::Abs(a),
            9 => Operation::Tanh(a),
            10 => Operation::Sigmoid(a),
            11 => Operation::Maximum(a, b),
            12 => Operation::Minimum(a, b),
            13 => Operation::Softplus(a),
            14 => Operation::Erf(a),
            _ => Operation::Where(a, b, c, d),
        });
    }
    all
}

pub(super) fn expressions(random: &mut Random, level: Level) -> Result<(), String> {
    let expression = Expression { operations: expression_of(random) };
    let json = serde_json::to_string(&expression).map_err(|error| error.to_string())?;
    if serde_json::from_str::<Expression>(&json).ok() != Some(expression.clone()) {
        return Err(format!("{json} is not read as it was written"));
    }
    // Now and then more than a chunk.
    let size = level.block() * (random.below(20) + 1);
    let x: Vec<f32> = values(random, size).iter().map(|x| x * 2.0).collect();
    let t = values(random, size);
    let (mut y, mut slopes) = (vec![0.0; size], vec![0.0; size]);
    let program = expression.value_and_derivative()?;
    let (inputs, outputs) = ([x.as_ptr(), t.as_ptr()], [y.as_mut_ptr(), slopes.as_mut_ptr()]);
    // SAFETY: all four slices have `size` values, a multiple of a vector's.
    unsafe { crate::kernels::expression::run(level, &program, inputs.as_ptr(), outputs.as_ptr(), size) };
    for i in 0..size {
        let (all, error) = naive::expression(&expression.operations, f64::from(x[i]), f64::from(t[i]));
        // Beyond that f32 has other limits than f64, and near kinks it may see the other side.
        if error.is_nan() || error >= 1e-3 {
            continue;
        }
        let (value, slope) = all;
        let what = |name: &str| format!("{name} of {json} at {}, {}", x[i], t[i]);
        within(&what("the value"), [y[i]].into_iter(), [value].into_iter(), error * (1.0 + value.abs()))?;
        within(
            &what("the slope"),
            [slopes[i]].into_iter(),
            [slope].into_iter(),
            error * (1.0 + slope.abs()),
        )?;
    }
    Ok(())
}
