//! The regularisation term, compiled for the weights of a network.

use crate::options::Regularization;
use crate::plan::Plan;
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::parallel::{SLICE_PARAMETERS, Shared, slices};
use std::ops::Range;

impl Regularization {
    /// The penalties on the weights of a network, which are its tensors of two or more dimensions: by this regularisation, or by
    /// that of their layer, if it has one.
    pub(crate) fn penalties(self, plan: &Plan) -> Result<Vec<Penalty>> {
        self.check()?;
        let weights = plan.tensors.iter().filter(|tensor| tensor.trained && tensor.shape.len() > 1);
        let penalties = weights.map(|tensor| Penalty {
            at: tensor.offset..tensor.offset + tensor.size,
            of: tensor.regularization.unwrap_or(self),
        });
        Ok(penalties.filter(|penalty| penalty.of != Self::default()).collect())
    }
}

/// The regularisation of one tensor.
#[derive(Clone, Debug)]
pub(crate) struct Penalty {
    pub at: Range<usize>,
    of: Regularization,
}

impl Penalty {
    /// Its term; adds its gradient to `gradient`, if given.
    pub fn add(&self, parameters: &[f32], gradient: Option<&mut [f32]>) -> Result<f64> {
        let Regularization { l1, l2 } = self.of;
        let weights = &parameters[self.at.clone()];
        let mut sums: Vec<f64> = zeros(weights.len().div_ceil(SLICE_PARAMETERS), "the regularisation")?;
        let sums_of = Shared::new(&mut sums);
        let into = gradient.map(|gradient| Shared::new(&mut gradient[self.at.clone()]));
        slices(weights.len(), |number, slice| {
            let mut sum = 0.0;
            for i in slice {
                let w = weights[i];
                sum += f64::from(l1) * f64::from(w.abs()) + 0.5 * f64::from(l2) * f64::from(w) * f64::from(w);
                if let Some(into) = &into {
                    let sign = if w == 0.0 { 0.0 } else { w.signum() };
                    // SAFETY: the slices are disjoint, and the gradient is as long as the parameters.
                    unsafe { *into.at(i) += l1 * sign + l2 * w };
                }
            }
            // SAFETY: each slice has its own sum.
            unsafe { *sums_of.at(number) = sum };
        });
        Ok(sums.iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Dataset;
    use crate::losses::Losses;
    use crate::network::Network;
    use hebb_kernels::error::Result;

    /// Of three dense layers the second has `own` options and is used twice.
    fn network(own: &str) -> Result<Network> {
        let spec = format!(
            r#"{{ "input": [2], "seed": 1, "layers": [
                {{ "type": "dense", "units": 3 }},
                {{ "type": "dense", "units": 3, "activation": "tanh"{own} }},
                {{ "type": "shared", "of": "dense2" }},
                {{ "type": "dense", "units": 1 }}
            ] }}"#
        );
        Network::new(serde_json::from_str(&spec).expect("a spec"))
    }

    #[test]
    fn a_layer_s_own_comes_before_that_of_all() -> Result<()> {
        let data = Dataset::from_floats(&[2], vec![0.3, -1.0, 0.8, 0.2])?.with_values(vec![1.0, -2.0])?;
        let index = |all: &str| -> Losses {
            let json = format!(r#"{{ "errors": {{ "type": "meanSquaredError" }}{all} }}"#);
            serde_json::from_str(&json).expect("losses")
        };
        for (all, others) in
            [("", [0.0, 0.0]), (r#", "regularization": { "l1": 0.3, "l2": 0.2 }"#, [0.3, 0.2])]
        {
            for (own, second) in [
                ("", others),
                (r#", "regularization": { "l2": 0 }"#, [0.0, 0.0]),
                (r#", "regularization": { "l1": 0.1, "l2": 0.5 }"#, [0.1, 0.5]),
            ] {
                let (mut plain, mut net) = (network("")?, network(own)?);
                let error = plain.gradients(&data, &[0, 1], &index(""), 0)?;
                let whole = net.gradients(&data, &[0, 1], &index(all), 0)?;
                let (mut term, mut checked) = (0.0, 0);
                for tensor in net.tensors() {
                    let [l1, l2] = match tensor.name.as_str() {
                        "dense2.weight" => second,
                        name if name.ends_with("weight") => others,
                        _ => [0.0, 0.0],
                    };
                    for at in tensor.offset..tensor.offset + tensor.size {
                        let w = f64::from(net.parameters()[at]);
                        term += l1 * w.abs() + 0.5 * l2 * w * w;
                        let slope = f64::from(net.gradient()?[at]) - f64::from(plain.gradient()?[at]);
                        assert!(
                            (slope - (l1 * w.signum() + l2 * w)).abs() < 1e-6 || w == 0.0,
                            "{} {own}",
                            tensor.name
                        );
                        checked += 1;
                    }
                }
                assert_eq!(checked, net.trained());
                assert!((whole.regularization - term).abs() < 1e-6, "{} {term}", whole.regularization);
                assert!((whole.loss - error.loss - term).abs() < 1e-6);
            }
        }
        Ok(())
    }

    #[test]
    fn what_is_no_regularisation_is_refused() {
        for (own, why) in [
            (
                r#"{ "l2": -1 }"#,
                "dense2: regularization: l1 and l2 must be finite and at least 0, got 0 and -1",
            ),
            (r#"{ "l1": 1e300 }"#, "dense2: regularization: l1 and l2 must be finite"),
        ] {
            let refused = network(&format!(r#", "regularization": {own}"#)).err().map(|error| error.message);
            assert!(refused.as_ref().is_some_and(|message| message.starts_with(why)), "{refused:?}");
        }
        for wrong in [r#"{ "l3": 1 }"#, "3", r#"{ "l1": "1" }"#] {
            assert!(serde_json::from_str::<crate::options::Regularization>(wrong).is_err(), "{wrong}");
        }
    }
}
