//! The naive twins: each operator by its textbook formula in f64, one sample at a time, over ndarray. The fast kernels are
//! tested against them, and they show what a layer computes.

use super::local_response_norm::Response;
use super::pool2d::Divisor;
use super::window::Window;
#[cfg(any(test, feature = "selftest"))]
use crate::expression::Operation;
use crate::random::{Stream, philox};
use ndarray::{Array1, Array2, Array3, Array4, ArrayView1, ArrayView2, ArrayView3, ArrayView4, Axis, s};

/// A·B.
pub fn gemm(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        (0..a.ncols()).map(|k| a[[i, k]] * b[[k, j]]).fold(0.0, |sum, term| sum + term)
    })
}

/// L of A = LLᵀ.
pub fn cholesky(a: ArrayView2<f64>) -> Array2<f64> {
    let mut l = Array2::zeros(a.dim());
    for i in 0..a.nrows() {
        for j in 0..=i {
            let rest = (0..j).fold(a[[i, j]], |rest, k| rest - l[[i, k]] * l[[j, k]]);
            l[[i, j]] = if i == j { rest.sqrt() } else { rest / l[[j, j]] };
        }
    }
    l
}

/// y = W·x + b.
pub fn dense(w: ArrayView2<f64>, b: ArrayView1<f64>, x: ArrayView1<f64>) -> Array1<f64> {
    w.dot(&x) + b
}

/// (dx, dW) of [`dense`]; db is dy.
pub fn dense_backward(
    w: ArrayView2<f64>,
    x: ArrayView1<f64>,
    dy: ArrayView1<f64>,
) -> (Array1<f64>, Array2<f64>) {
    let dw = Array2::from_shape_fn(w.dim(), |(u, i)| dy[u] * x[i]);
    (w.t().dot(&dy), dw)
}

/// y = exp(−‖x − c‖²/2σ²) for each center.
pub fn rbf(centers: ArrayView2<f64>, widths: ArrayView1<f64>, x: ArrayView1<f64>) -> Array1<f64> {
    let squares = centers.rows().into_iter().map(|center| (&x - &center).mapv(|d| d * d).sum());
    squares.zip(widths).map(|(square, width)| (-square / (2.0 * width * width)).exp()).collect()
}

/// (dx, dc, d log σ) of [`rbf`].
pub fn rbf_backward(
    centers: ArrayView2<f64>,
    widths: ArrayView1<f64>,
    x: ArrayView1<f64>,
    dy: ArrayView1<f64>,
) -> (Array1<f64>, Array2<f64>, Array1<f64>) {
    let slopes = rbf(centers, widths, x) * dy / widths.mapv(|width| width * width);
    let dc = Array2::from_shape_fn(centers.dim(), |(u, i)| slopes[u] * (x[i] - centers[[u, i]]));
    let square = |u: usize| (0..x.len()).map(|i| (x[i] - centers[[u, i]]).powi(2)).sum::<f64>();
    let widths = Array1::from_shape_fn(widths.len(), |u| slopes[u] * square(u));
    (-dc.sum_axis(ndarray::Axis(0)), dc, widths)
}

/// Calls `f(output position, tap, input position)` for every tap that reads inside the input.
fn reads(g: &Window, mut f: impl FnMut([usize; 2], [usize; 2], [usize; 2])) {
    for oh in 0..g.output[0] {
        for ow in 0..g.output[1] {
            for i in 0..g.kernel[0] {
                for j in 0..g.kernel[1] {
                    let (h, v) = (oh * g.stride[0] + i * g.dilation[0], ow * g.stride[1] + j * g.dilation[1]);
                    let inside = |at: usize, d: usize| at >= g.padding[d] && at - g.padding[d] < g.input[d];
                    if inside(h, 0) && inside(v, 1) {
                        f([oh, ow], [i, j], [h - g.padding[0], v - g.padding[1]]);
                    }
                }
            }
        }
    }
}

/// `y += scale · x`.
fn add_scaled(y: &mut [f64], scale: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

/// The values of `[C, H, W]` as `[H, W, C]`: the loops over channels are the inner ones, and tests wait for them.
fn channels_last(x: ArrayView3<f64>) -> Vec<f64> {
    x.permuted_axes([1, 2, 0]).iter().copied().collect()
}

/// `y[f] = b[f] + Σ w[f, c, i, j] · x[c, oh·s + i − p, ow·s + j − p]`.
pub fn conv2d(g: &Window, w: ArrayView4<f64>, b: ArrayView1<f64>, x: ArrayView3<f64>) -> Array3<f64> {
    let ([height, width], [_, kw]) = (g.output, g.kernel);
    let (x, w): (_, Vec<f64>) = (channels_last(x), w.permuted_axes([2, 3, 1, 0]).iter().copied().collect());
    let mut y: Vec<f64> = (0..height * width).flat_map(|_| b.iter().copied()).collect();
    reads(g, |[oh, ow], [i, j], [h, v]| {
        let y = &mut y[(oh * width + ow) * g.filters..][..g.filters];
        for c in 0..g.channels {
            let w = &w[((i * kw + j) * g.channels + c) * g.filters..][..g.filters];
            add_scaled(y, x[(h * g.input[1] + v) * g.channels + c], w);
        }
    });
    Array3::from_shape_vec((height, width, g.filters), y).expect("its shape").permuted_axes([2, 0, 1])
}

/// (dx, dW, db) of [`conv2d`].
pub fn conv2d_backward(
    g: &Window,
    w: ArrayView4<f64>,
    x: ArrayView3<f64>,
    dy: ArrayView3<f64>,
) -> (Array3<f64>, Array4<f64>, Array1<f64>) {
    let ([height, width], [kh, kw]) = (g.input, g.kernel);
    let db = Array1::from_shape_fn(g.filters, |f| dy.index_axis(ndarray::Axis(0), f).sum());
    let w: Vec<f64> = w.permuted_axes([2, 3, 0, 1]).iter().copied().collect();
    let (x, dy) = (channels_last(x), channels_last(dy));
    let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; w.len()]);
    reads(g, |[oh, ow], [i, j], [h, v]| {
        let at = (h * width + v) * g.channels;
        for f in 0..g.filters {
            let slope = dy[(oh * g.output[1] + ow) * g.filters + f];
            let of = ((i * kw + j) * g.filters + f) * g.channels;
            add_scaled(&mut dx[at..][..g.channels], slope, &w[of..][..g.channels]);
            add_scaled(&mut dw[of..][..g.channels], slope, &x[at..][..g.channels]);
        }
    });
    let dx = Array3::from_shape_vec((height, width, g.channels), dx).expect("its shape");
    let dw = Array4::from_shape_vec((kh, kw, g.filters, g.channels), dw).expect("its shape");
    (dx.permuted_axes([2, 0, 1]), dw.permuted_axes([2, 3, 0, 1]), db)
}

/// The maximum of each window, and its tap (the first of equal ones).
pub fn max_pool2d(g: &Window, x: ArrayView3<f64>) -> (Array3<f64>, Array3<usize>) {
    let size = (g.channels, g.output[0], g.output[1]);
    let (mut y, mut choice) = (Array3::from_elem(size, f64::NEG_INFINITY), Array3::zeros(size));
    reads(g, |[oh, ow], [i, j], [h, v]| {
        for c in 0..g.channels {
            if x[[c, h, v]] > y[[c, oh, ow]] {
                (y[[c, oh, ow]], choice[[c, oh, ow]]) = (x[[c, h, v]], i * g.kernel[1] + j);
            }
        }
    });
    (y, choice)
}

/// dx of [`max_pool2d`].
pub fn max_pool2d_backward(g: &Window, choice: &Array3<usize>, dy: ArrayView3<f64>) -> Array3<f64> {
    let mut dx = Array3::zeros((g.channels, g.input[0], g.input[1]));
    reads(g, |[oh, ow], [i, j], [h, v]| {
        for c in 0..g.channels {
            if choice[[c, oh, ow]] == i * g.kernel[1] + j {
                dx[[c, h, v]] += dy[[c, oh, ow]];
            }
        }
    });
    dx
}

/// The divisor of each window.
fn counts(g: &Window, divisor: Divisor) -> ndarray::Array2<f64> {
    let outside = |d: usize| if divisor == Divisor::Padded { [g.padding[d], g.end[d]] } else { [0, 0] };
    let inside = |d: usize, at: usize| {
        let low = g.padding[d] - outside(d)[0];
        at >= low && at < g.padding[d] + g.input[d] + outside(d)[1]
    };
    ndarray::Array2::from_shape_fn((g.output[0], g.output[1]), |(oh, ow)| {
        let count = |d: usize, o: usize| (0..g.kernel[d]).filter(|i| inside(d, o * g.stride[d] + i)).count();
        if divisor == Divisor::One { 1.0 } else { (count(0, oh) * count(1, ow)) as f64 }
    })
}

/// The sum of each window / its divisor.
pub fn average_pool2d(g: &Window, divisor: Divisor, x: ArrayView3<f64>) -> Array3<f64> {
    let (mut y, counts) = (Array3::zeros((g.channels, g.output[0], g.output[1])), counts(g, divisor));
    reads(g, |[oh, ow], _, [h, v]| {
        (0..g.channels).for_each(|c| y[[c, oh, ow]] += x[[c, h, v]] / counts[[oh, ow]]);
    });
    y
}

/// dx of [`average_pool2d`].
pub fn average_pool2d_backward(g: &Window, divisor: Divisor, dy: ArrayView3<f64>) -> Array3<f64> {
    let (mut dx, counts) = (Array3::zeros((g.channels, g.input[0], g.input[1])), counts(g, divisor));
    reads(g, |[oh, ow], _, [h, v]| {
        (0..g.channels).for_each(|c| dx[[c, h, v]] += dy[[c, oh, ow]] / counts[[oh, ow]]);
    });
    dx
}

/// k + α/size · Σ x² over the channels from c − ⌊size/2⌋ to c + ⌈size/2⌉ − 1.
fn response_sums(g: &Response, x: ArrayView2<f64>) -> Array2<f64> {
    let share = f64::from(g.alpha) / g.size as f64;
    Array2::from_shape_fn(x.dim(), |(c, p)| {
        let near = (0..g.channels).filter(|&n| n + g.size / 2 >= c && n < c + g.size.div_ceil(2));
        near.fold(f64::from(g.k), |sum, n| sum + share * x[[n, p]] * x[[n, p]])
    })
}

/// x / (k + α/size · Σ x²)^β.
pub fn local_response_norm(g: &Response, x: ArrayView2<f64>) -> Array2<f64> {
    let sums = response_sums(g, x);
    Array2::from_shape_fn(x.dim(), |at| x[at] * sums[at].powf(-f64::from(g.beta)))
}

/// dx of [`local_response_norm`], by its derivative for every pair of channels.
pub fn local_response_norm_backward(g: &Response, x: ArrayView2<f64>, dy: ArrayView2<f64>) -> Array2<f64> {
    let (sums, beta) = (response_sums(g, x), f64::from(g.beta));
    let factor = 2.0 * beta * f64::from(g.alpha) / g.size as f64;
    Array2::from_shape_fn(x.dim(), |(c, p)| {
        let own = dy[[c, p]] * sums[[c, p]].powf(-beta);
        let readers = (0..g.channels).filter(|&n| c + g.size / 2 >= n && c < n + g.size.div_ceil(2));
        readers.fold(own, |sum, n| {
            sum - factor * x[[c, p]] * dy[[n, p]] * x[[n, p]] * sums[[n, p]].powf(-beta - 1.0)
        })
    })
}

/// e^x / Σ e^x.
pub fn softmax(x: ArrayView1<f64>) -> Array1<f64> {
    let largest = x.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let e = x.mapv(|x| (x - largest).exp());
    let sum = e.sum();
    e / sum
}

/// dx of [`softmax`], from its output: y·(dy − Σ y·dy).
pub fn softmax_backward(y: ArrayView1<f64>, dy: ArrayView1<f64>) -> Array1<f64> {
    let dot = y.dot(&dy);
    Array1::from_shape_fn(y.len(), |i| y[i] * (dy[i] - dot))
}

/// The value of an expression at x and t and its derivative by x, in forward mode: every operation on a pair of value and
/// derivative. Returns with them a relative bound for the rounding errors of f32, by the condition of the operations.
#[cfg(any(test, feature = "selftest"))]
pub fn expression(operations: &[Operation], x: f64, t: f64) -> ((f64, f64), f64) {
    use Operation::*;
    let (mut all, mut error): (Vec<(f64, f64)>, f64) = (Vec::new(), 1e-5);
    for operation in operations {
        let at = |i: usize| all[i];
        let kink = |a: (f64, f64), b: (f64, f64)| if (a.0 - b.0).abs() < 1e-4 { f64::INFINITY } else { 1.0 };
        let (value, factor) = match *operation {
            Input(0) => ((x, 1.0), 1.0),
            Input(_) => ((t, 0.0), 1.0),
            Number(value) => ((value, 0.0), 1.0),
            Plus(a, b) => ((at(a).0 + at(b).0, at(a).1 + at(b).1), 1.0),
            Minus(a, b) => ((at(a).0 - at(b).0, at(a).1 - at(b).1), 1.0),
            Times(a, b) => ((at(a).0 * at(b).0, at(a).1 * at(b).0 + at(a).0 * at(b).1), 1.0),
            Over(a, b) => {
                let ((a, da), (b, db)) = (at(a), at(b));
                ((a / b, (da * b - a * db) / (b * b)), 1.0 + 1.0 / b.abs())
            }
            Power(a, exponent) => {
                let ((a, da), e) = (at(a), exponent);
                ((a.powf(e), e * a.powf(e - 1.0) * da), 2.0 + 1.0 / a.abs())
            }
            Exp(a) => ((at(a).0.exp(), at(a).0.exp() * at(a).1), 1.0 + at(a).0.abs()),
            Expm1(a) => ((at(a).0.exp_m1(), at(a).0.exp() * at(a).1), 1.0 + at(a).0.abs()),
            Log(a) => ((at(a).0.ln(), at(a).1 / at(a).0), 1.0 + 1.0 / at(a).0.abs()),
            Sqrt(a) => ((at(a).0.sqrt(), 0.5 / at(a).0.sqrt() * at(a).1), 1.0 + 1.0 / at(a).0.abs()),
            Abs(a) => ((at(a).0.abs(), at(a).0.signum() * at(a).1), kink(at(a), (0.0, 0.0))),
            Tanh(a) => ((at(a).0.tanh(), (1.0 - at(a).0.tanh().powi(2)) * at(a).1), 1.0),
            Sigmoid(a) => {
                let s = 1.0 / (1.0 + (-at(a).0).exp());
                ((s, s * (1.0 - s) * at(a).1), 1.0)
            }
            Softplus(a) => {
                let x = at(a).0;
                ((x.max(0.0) + (-x.abs()).exp().ln_1p(), at(a).1 / (1.0 + (-x).exp())), 1.0)
            }
            // By the trapezoidal rule, which is exact enough for such an analytic function.
            Erf(a) => {
                let (x, steps) = (at(a).0, 4000);
                let bell = |i: usize| (-(x * i as f64 / steps as f64).powi(2)).exp();
                let inner: f64 = (1..steps).fold((bell(0) + bell(steps)) / 2.0, |sum, i| sum + bell(i));
                let factor = std::f64::consts::FRAC_2_SQRT_PI;
                ((factor * x / steps as f64 * inner, factor * (-x * x).exp() * at(a).1), 2.0)
            }
            Maximum(a, b) => (if at(a).0 > at(b).0 { at(a) } else { at(b) }, kink(at(a), at(b))),
            Minimum(a, b) => (if at(a).0 < at(b).0 { at(a) } else { at(b) }, kink(at(a), at(b))),
            Where(a, b, c, d) => (if at(a).0 > at(b).0 { at(c) } else { at(d) }, kink(at(a), at(b))),
        };
        error *= factor;
        // An intermediate result that is large or NaN cannot be compared.
        if !(value.0.abs() < 1e4 && value.1.abs() < 1e4) {
            error = f64::INFINITY;
        }
        error *= 1.0 + value.0.abs().ln_1p();
        all.push(value);
    }
    (all[all.len() - 1], error)
}

/// (y, (mean, unbiased variance)) of batch normalisation in training, for one channel: x is `[samples, values]`.
pub fn batch_norm(x: ArrayView2<f64>, gamma: f64, beta: f64, epsilon: f64) -> (Array2<f64>, (f64, f64)) {
    let count = x.len() as f64;
    let mean = x.sum() / count;
    let squares = x.mapv(|x| (x - mean) * (x - mean)).sum();
    let y = x.mapv(|x| gamma * (x - mean) / (squares / count + epsilon).sqrt() + beta);
    (y, (mean, squares / (count - 1.0).max(1.0)))
}

/// (dx, dγ, dβ) of [`batch_norm`].
pub fn batch_norm_backward(
    x: ArrayView2<f64>,
    dy: ArrayView2<f64>,
    gamma: f64,
    epsilon: f64,
) -> (Array2<f64>, f64, f64) {
    let normal = batch_norm(x, 1.0, 0.0, epsilon).0;
    let (count, dgamma, dbeta) = (x.len() as f64, (&normal * &dy).sum(), dy.sum());
    let mean = x.sum() / count;
    let deviation = (x.mapv(|x| (x - mean) * (x - mean)).sum() / count + epsilon).sqrt();
    let dx = (&dy - dbeta / count - &normal * (dgamma / count)) * (gamma / deviation);
    (dx, dgamma, dbeta)
}

/// Whether a dropout keeps a value: by sixteen bits of its own, of the words drawn for eight features of a sample
/// in a step.
pub fn keeps(rate: f32, seed: u64, layer: u32, step: u64, sample: usize, feature: usize) -> bool {
    let index = (((step << 20) + sample as u64) << 24) | (feature / 8) as u64;
    let word = philox(seed, Stream::Dropout(layer), index)[feature % 8 / 2];
    f64::from((word >> (16 * (feature % 2))) & 0xffff) >= (f64::from(rate) * 65536.0).floor()
}

/// The rows of a table by number.
pub fn embedding(table: ArrayView2<f64>, tokens: &[usize]) -> Array2<f64> {
    table.select(Axis(0), tokens)
}

/// The gradient of [`embedding`] by the table.
pub fn embedding_backward(vocabulary: usize, tokens: &[usize], dy: ArrayView2<f64>) -> Array2<f64> {
    let mut gradient = Array2::zeros((vocabulary, dy.ncols()));
    for (&token, dy) in tokens.iter().zip(dy.rows()) {
        gradient.row_mut(token).scaled_add(1.0, &dy);
    }
    gradient
}

/// A recurrent layer's cell. The rows of its weights are gate by gate: i, f, g, o and r, z, n.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// h(t) = f(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh).
    Elman(fn(f64) -> f64),
    /// c(t) = f·c(t−1) + i·g, h(t) = o·tanh(c(t)).
    Lstm,
    /// h(t) = (1 − z)·n + z·h(t−1), where r multiplies the product in n, or the state before it.
    Gru {
        /// Whether it is the state.
        reset_before: bool,
    },
}

/// The states `[T, units]` of a recurrent layer for x `[T, features]`, from zeros.
pub fn recurrent(
    x: ArrayView2<f64>,
    weights: [ArrayView2<f64>; 2],
    biases: [&Array1<f64>; 2],
    cell: Cell,
) -> Array2<f64> {
    let units = weights[1].ncols();
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let [mut h, mut c] = [Array1::zeros(units), Array1::zeros(units)];
    let mut states = Array2::zeros((x.nrows(), units));
    for (x, mut state) in x.rows().into_iter().zip(states.rows_mut()) {
        let [own, from] = [weights[0].dot(&x) + biases[0], weights[1].dot(&h) + biases[1]];
        let gate = |gate: usize, of: &Array1<f64>| of.slice(s![gate * units..(gate + 1) * units]).to_owned();
        let net = |number: usize| gate(number, &own) + gate(number, &from);
        h = match cell {
            Cell::Elman(f) => net(0).mapv(f),
            Cell::Lstm => {
                c = net(1).mapv(sigmoid) * &c + net(0).mapv(sigmoid) * net(2).mapv(f64::tanh);
                net(3).mapv(sigmoid) * c.mapv(f64::tanh)
            }
            Cell::Gru { reset_before } => {
                let (r, z) = (net(0).mapv(sigmoid), net(1).mapv(sigmoid));
                let rows = weights[1].slice(s![2 * units.., ..]);
                let product = match reset_before {
                    true => rows.dot(&(&r * &h)) + gate(2, biases[1]),
                    false => &r * &gate(2, &from),
                };
                let n = (gate(2, &own) + product).mapv(f64::tanh);
                (1.0 - &z) * n + z * &h
            }
        };
        state.assign(&h);
    }
    states
}
