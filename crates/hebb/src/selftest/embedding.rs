//! Embeddings in networks: the same as a dense layer on vectors with a single 1.

use super::close;
use super::layers::{network, text, values};
use crate::data::Dataset;
use crate::losses::Loss;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// Outputs, loss and gradient of an embedding and of a dense layer with the same table, which reads one-hot rows.
pub(super) fn one_hot(random: &mut Random, level: Level) -> Result<(), String> {
    // The larger table makes the network a large one.
    let (vocabulary, units) = [(random.below(20) + 1, random.below(40) + 1), (530, 500)][random.below(8) / 7];
    let (steps, most) = (random.below(5) + 1, [1, level.block(), 3 * level.block() + 2][random.below(3)]);
    let samples = random.below(most) + 1;
    let rest = r#"{"type":"rnn","units":5,"returns":"all"},{"type":"dense","units":2,"activation":"tanh"}"#;
    let shape = [vec![steps], vec![steps, 1]][random.below(2)].clone();
    let lengths: Option<Vec<usize>> =
        (random.below(2) == 0).then(|| (0..samples).map(|_| random.below(steps) + 1).collect());
    let made = |shape: &[usize], first: String| {
        let input = match lengths {
            Some(_) => format!(r#"[["x",{shape:?}],["x.lengths",[1]]]"#),
            None => format!("{shape:?}"),
        };
        network(&format!(r#"{{"input":{input},"layers":[{first},{rest}]}}"#), level)
    };
    let mut own =
        made(&shape, format!(r#"{{"type":"embedding","vocabulary":{vocabulary},"units":{units}}}"#))?;
    let mut twin = made(&[steps, vocabulary], format!(r#"{{"type":"dense","units":{units},"bias":false}}"#))?;
    let size = vocabulary * units;
    let scale = 1.0 / (units as f32).sqrt();
    let weights: Vec<f32> =
        values(random, own.parameters().len()).iter().map(|value| value * scale).collect();
    // `[vocabulary, units]` is `[units, vocabulary]` of a dense layer, transposed.
    let flip = |all: &[f32]| {
        let mut flipped = all.to_vec();
        (0..size).for_each(|at| flipped[at % units * vocabulary + at / units] = all[at]);
        flipped
    };
    own.set_parameters(&weights).map_err(text)?;
    twin.set_parameters(&flip(&weights)).map_err(text)?;
    let tokens: Vec<usize> = (0..samples * steps).map(|_| random.below(vocabulary)).collect();
    let mut rows = vec![0.0; tokens.len() * vocabulary];
    tokens.iter().enumerate().for_each(|(at, token)| rows[at * vocabulary + token] = 1.0);
    let targets = values(random, samples * steps * 2);
    // Each sample, then its length.
    let data = |x: Vec<f32>| {
        let size = x.len() / samples;
        let all = x.chunks_exact(size).enumerate().flat_map(|(n, sample)| {
            sample.iter().copied().chain(lengths.as_ref().map(|lengths| lengths[n] as f32))
        });
        Dataset::from_floats(&[size + usize::from(lengths.is_some())], all.collect())
            .and_then(|data| data.with_values(targets.clone()))
            .map_err(text)
    };
    let own_data = data(tokens.iter().map(|&token| token as f32).collect())?;
    let twin_data = data(rows)?;
    let what = |what: &str| format!("{what} of {samples} × {steps} of {vocabulary} tokens as {units} values");
    let wide = |values: Vec<f32>| values.into_iter().map(f64::from);
    for count in [samples, 1] {
        let y = own.predict(&own_data, 0, count).map_err(text)?;
        let expected = twin.predict(&twin_data, 0, count).map_err(text)?;
        close(&what("outputs"), y.into_iter(), wide(expected), 1e-5)?;
    }
    let (loss, order) = (Loss::SumSquaredError {}.into(), own_data.order(false, 0, 0));
    let report = own.gradients(&own_data, &order, &loss, 0).map_err(text)?;
    let expected = twin.gradients(&twin_data, &order, &loss, 0).map_err(text)?;
    close(&what("the loss"), [report.loss as f32].into_iter(), [expected.loss].into_iter(), 1e-5)?;
    let gradient = flip(own.gradient().map_err(text)?);
    let expected = twin.gradient().map_err(text)?.to_vec();
    close(&what("the gradient"), gradient.into_iter(), wide(expected), 2e-5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hebb_kernels::error::{Code, Error};

    const SPEC: &str = r#"{"input":[3],"layers":[{"type":"embedding","vocabulary":4,"units":2,"name":"words"},
        {"type":"rnn","units":2},{"type":"dense","units":2,"activation":"softmax"}]}"#;

    fn refused<T>(result: Result<T, Error>) -> String {
        match result {
            Err(Error { code: Code::Data | Code::Option | Code::Shape, message }) => message,
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("it was not refused"),
        }
    }

    /// By every call that reads samples.
    #[test]
    fn what_is_no_token_is_refused() {
        let mut network = network(SPEC, Level::best()).unwrap();
        let loss = Loss::CrossEntropy { smoothing: 0.0, weights: Vec::new(), rubbish: None }.into();
        for (wrong, shown) in
            [(4.0, "4"), (-1.0, "-1"), (0.5, "0.5"), (1e30, "1000000000000000000000000000000")]
        {
            let x = vec![0.0, 1.0, 2.0, 3.0, wrong, 1.0];
            let data = Dataset::from_floats(&[3], x).and_then(|data| data.with_classes(vec![0, 1])).unwrap();
            let message = format!(
                "words: {shown} (sample 1, step 1) is no token of its vocabulary: give whole numbers from 0 to 3"
            );
            assert_eq!(refused(network.predict(&data, 0, 2)), message);
            assert_eq!(refused(network.predict(&data, 1, 1)), message);
            assert_eq!(refused(network.continue_from(&data, 1, 1, &mut [0.0; 2])), message);
            assert_eq!(refused(network.activations(&data, 0, 2)), message);
            assert_eq!(refused(network.classify(&data, 0, 2, &loss)), message);
            assert_eq!(refused(network.gradients(&data, &[0], &loss, 0)), message);
            // The samples that are used have no such value.
            network.predict(&data, 0, 1).unwrap();
            network.gradients(&data.subset(&[0]).unwrap(), &[0], &loss, 0).unwrap();
        }
        let bytes = Dataset::from_bytes(&[3], vec![0, 1, 2]).unwrap();
        assert!(refused(network.predict(&bytes, 0, 1)).ends_with("give numbers, or a Uint32Array"));
    }

    #[test]
    fn what_cannot_be_planned_is_refused() {
        let made = |input: &str, layers: &str| {
            let spec = serde_json::from_str(&format!(r#"{{"input":{input},"layers":[{layers}]}}"#)).unwrap();
            refused(crate::network::Network::new(spec))
        };
        let embedding = r#"{"type":"embedding","vocabulary":4,"units":2}"#;
        assert!(made("[3,2]", embedding).contains("needs token numbers [T] or [T, 1], got [3, 2]"));
        assert!(made("[1,2,2]", embedding).contains("needs token numbers [T] or [T, 1], got [1, 2, 2]"));
        let after = made("[3]", &format!(r#"{{"type":"dense","units":3}},{embedding}"#));
        assert!(after.contains("which no layer computes"), "{after}");
        let nothing = made("[3]", r#"{"type":"embedding","vocabulary":0,"units":2}"#);
        assert!(nothing.contains("vocabulary must be 1 to 16777216"), "{nothing}");
    }
}
