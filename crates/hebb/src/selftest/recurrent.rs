//! Recurrent layers: the naive twin, and states that are carried from one call to the next.

use super::close;
use super::layers::{network, text, values};
use crate::data::Dataset;
use crate::network::Network;
use hebb_kernels::naive::{self, Cell};
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use ndarray::{Array1, Array2, Axis, concatenate, s};

/// The weights of a recurrent layer in 64 bits.
struct Weights {
    matrices: [Array2<f64>; 2],
    biases: [Array1<f64>; 2],
}

impl Weights {
    /// Of the pass of layer `name` whose tensors end in `way`: nothing, forward.
    fn of(
        network: &Network,
        (name, way): (&str, &str),
        columns: usize,
        units: usize,
    ) -> Result<Self, String> {
        let tensor = |part: &str| -> Array1<f64> {
            let name = format!("{name}.{part}{way}");
            let tensor = network.tensors().iter().find(|tensor| tensor.name == name);
            let place = tensor.map_or(0..0, |tensor| tensor.offset..tensor.offset + tensor.size);
            network.parameters()[place].iter().map(|&value| f64::from(value)).collect()
        };
        let matrix = |part: &str, columns: usize| {
            let values = tensor(part);
            values.to_shape((values.len() / columns, columns)).map(|matrix| matrix.to_owned()).map_err(text)
        };
        let matrices = [matrix("weight_ih_l0", columns)?, matrix("weight_hh_l0", units)?];
        let biases = ["bias_ih_l0", "bias_hh_l0"].map(|part| match tensor(part) {
            none if none.is_empty() => Array1::zeros(matrices[0].nrows()),
            bias => bias,
        });
        Ok(Self { matrices, biases })
    }

    /// What the layer gives by its twin, for an input `[T, features]`.
    fn twin(&self, x: &Array2<f64>, cell: Cell) -> Array2<f64> {
        let ([ih, hh], [b_ih, b_hh]) = (&self.matrices, &self.biases);
        naive::recurrent(x.view(), [ih.view(), hh.view()], [b_ih, b_hh], cell)
    }
}

/// Two recurrent layers equal their twins. Steps one by one, each with the states that the step before left, give the same
/// bits as one call with all steps, for many samples and for one.
pub(super) fn states(random: &mut Random, level: Level) -> Result<(), String> {
    let [steps, features, small] = [9, 19, 40].map(|most| random.below(most) + 1);
    // With more units the network is a large one.
    let (first, second) = ([small, small, small, 300][random.below(4)], random.below(20) + 1);
    let most = [1, level.block(), 3 * level.block() + 2][random.below(3)];
    let samples = random.below(most) + 1;
    let cells = [
        (r#""rnn""#, Cell::Elman(f64::tanh)),
        (r#""rnn","activation":"sigmoid""#, Cell::Elman(|x| 1.0 / (1.0 + (-x).exp()))),
        (r#""rnn","activation":"relu""#, Cell::Elman(|x| x.max(0.0))),
        (r#""lstm""#, Cell::Lstm),
        (r#""gru""#, Cell::Gru { reset_before: false }),
        (r#""gru","reset":"before""#, Cell::Gru { reset_before: true }),
    ];
    let [one, two] = [(); 2].map(|()| cells[random.below(6)]);
    let (bias, returns) = (random.below(2) == 0, random.below(2));
    let made = |steps: usize| {
        let json = format!(
            r#"{{"input":[{steps},{features}],"layers":[
            {{"type":{},"units":{first},"bias":{bias},"returns":"all","name":"first"}},
            {{"type":{},"units":{second},"returns":"{}","name":"second"}}]}}"#,
            one.0,
            two.0,
            ["last", "all"][returns]
        );
        network(&json, level)
    };
    let (mut whole, mut step) = (made(steps)?, made(1)?);
    // Larger weights would make chaos of rounding.
    let parameters: Vec<f32> = values(random, whole.parameters().len());
    let scale = 1.0 / (first.max(features) as f32).sqrt();
    let parameters: Vec<f32> = parameters.iter().map(|value| value * scale).collect();
    whole.set_parameters(&parameters).map_err(text)?;
    step.set_parameters(&parameters).map_err(text)?;
    let x = values(random, samples * steps * features);
    let data = Dataset::from_floats(&[steps, features], x.clone()).map_err(text)?;
    let what =
        format!("{samples} samples of [{steps}, {features}] to {first} {} and {second} {}", one.0, two.0);

    let y = whole.predict(&data, 0, samples).map_err(text)?;
    let size = y.len() / samples;
    let twins = [
        Weights::of(&whole, ("first", ""), features, first)?,
        Weights::of(&whole, ("second", ""), first, second)?,
    ];
    for (x, y) in x.chunks_exact(steps * features).zip(y.chunks_exact(size)) {
        let x = Array2::from_shape_fn((steps, features), |(t, i)| f64::from(x[t * features + i]));
        let all = twins[1].twin(&twins[0].twin(&x, one.1), two.1);
        let from = steps * second - size;
        close(&what, y.iter().copied(), all.into_iter().skip(from), 2e-4)?;
    }

    for count in [samples, 1] {
        let width: usize = whole.states().iter().map(|state| state.features).sum();
        let mut after = vec![0.0; count * width];
        let whole = whole.continue_from(&data, 0, count, &mut after).map_err(text)?;
        if whole != y[..count * size] {
            return Err(format!("{what}: {count} samples that begin with zeros give other bits"));
        }
        let mut carried = vec![0.0; count * width];
        for t in 0..steps {
            let at = |n: usize| &x[(n * steps + t) * features..][..features];
            let x: Vec<f32> = (0..count).flat_map(at).copied().collect();
            let data = Dataset::from_floats(&[1, features], x).map_err(text)?;
            let y = step.continue_from(&data, 0, count, &mut carried).map_err(text)?;
            let expected = |n: usize| match returns {
                0 if t + 1 < steps => y[n * second..][..second].to_vec(),
                0 => whole[n * second..][..second].to_vec(),
                _ => whole[(n * steps + t) * second..][..second].to_vec(),
            };
            if (0..count).any(|n| y[n * second..][..second] != expected(n)) {
                return Err(format!("{what}: step {t} of {count} samples has other bits alone"));
            }
        }
        if carried != after {
            return Err(format!("{what}: the states after {count} samples differ"));
        }
    }
    Ok(())
}

/// Sequences of their own lengths, read in both directions, equal their twins, each alone; in batches and one by one. Small and
/// large networks.
pub(super) fn lengths(random: &mut Random, level: Level) -> Result<(), String> {
    let [steps, features] = [9, 12].map(|most| random.below(most) + 1);
    let units = [random.below(20) + 1, random.below(20) + 1, 280][random.below(3)];
    let samples = random.below(3 * level.block()) + 1;
    let (kind, cell) = [
        (r#""rnn""#, Cell::Elman(f64::tanh)),
        (r#""lstm""#, Cell::Lstm),
        (r#""gru""#, Cell::Gru { reset_before: false }),
        (r#""gru","reset":"before""#, Cell::Gru { reset_before: true }),
    ][random.below(4)];
    let json = format!(
        r#"{{"input":[["x",[{steps},{features}]],["x.lengths",[1]]],"layers":[
        {{"type":{kind},"units":{units},"direction":"both","name":"both","returns":"all"}},
        {{"type":{kind},"units":3,"direction":"backward","name":"back"}}]}}"#
    );
    let mut network = network(&json, level)?;
    let scale = 1.0 / (2.0 * units.max(features) as f32).sqrt();
    let parameters: Vec<f32> = values(random, network.parameters().len());
    let parameters: Vec<f32> = parameters.iter().map(|value| value * scale).collect();
    network.set_parameters(&parameters).map_err(text)?;
    let width = steps * features + 1;
    let mut x = values(random, samples * width);
    x.chunks_exact_mut(width).for_each(|row| row[width - 1] = (random.below(steps) + 1) as f32);
    let data = Dataset::from_floats(&[width], x.clone()).map_err(text)?;
    let y = network.predict(&data, 0, samples).map_err(text)?;
    let ahead = Weights::of(&network, ("both", ""), features, units)?;
    let back = Weights::of(&network, ("both", "_reverse"), features, units)?;
    let last = Weights::of(&network, ("back", "_reverse"), 2 * units, 3)?;
    for (number, (x, y)) in x.chunks_exact(width).zip(y.chunks_exact(3)).enumerate() {
        let length = x[width - 1] as usize;
        let forward = Array2::from_shape_fn((length, features), |(t, i)| f64::from(x[t * features + i]));
        let reversed = |of: &Array2<f64>| of.slice(s![..;-1, ..]).to_owned();
        let both = concatenate![
            Axis(1),
            ahead.twin(&forward, cell),
            reversed(&back.twin(&reversed(&forward), cell))
        ];
        let last = last.twin(&reversed(&both), cell);
        let what =
            format!("sample {number} of {samples}, {length} of [{steps}, {features}] to {units} {kind}");
        close(&what, y.iter().copied(), last.row(length - 1).iter().copied(), 2e-4)?;
        if network.predict(&data, number, 1).map_err(text)? != y {
            return Err(format!("{what}: other bits alone"));
        }
    }
    Ok(())
}
