//! Normalisation, softmax, activations and expressions.

use super::{close, lane, lane_f32, values, wide, within};
use crate::expression::{Expression, Operation};
use hebb_kernels::activation::Elementwise;
use hebb_kernels::local_response_norm::{self as response, Response};
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::{activation, naive, softmax as soft};
use ndarray::{Array1, Array2, ArrayView1};

pub(in crate::selftest) fn local_response_norm(random: &mut Random, level: Level) -> Result<(), String> {
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

pub(in crate::selftest) fn softmax(random: &mut Random, level: Level) -> Result<(), String> {
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

pub(in crate::selftest) fn activations(random: &mut Random, level: Level) -> Result<(), String> {
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

pub(in crate::selftest) fn expressions(random: &mut Random, level: Level) -> Result<(), String> {
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
    unsafe { hebb_kernels::expression::run(level, &program, inputs.as_ptr(), outputs.as_ptr(), size) };
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
