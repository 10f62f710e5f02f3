use super::*;

fn clipped(clip: Clip, norm: f64, gradient: &[f32]) -> Vec<f32> {
    let mut gradient = gradient.to_vec();
    clip.apply(norm, &mut gradient);
    gradient
}

#[test]
fn values_are_cut_on_both_sides() {
    assert_eq!(clipped(Clip::Value(2.0), 0.0, &[-3.0, -2.0, 0.5, 2.5]), [-2.0, -2.0, 0.5, 2.0]);
    assert!(clipped(Clip::Value(2.0), 0.0, &[f32::NAN])[0].is_nan());
}

#[test]
fn a_longer_gradient_is_scaled_and_a_shorter_one_is_not() {
    assert_eq!(clipped(Clip::Norm(1.0), 5.0, &[3.0, -4.0]), [0.6, -0.8]);
    assert_eq!(clipped(Clip::Norm(5.0), 5.0, &[3.0, -4.0]), [3.0, -4.0]);
    assert_eq!(clipped(Clip::Norm(10.0), 5.0, &[3.0, -4.0]), [3.0, -4.0]);
}

#[test]
fn ranges() {
    for value in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert!(Clip::Value(value).check().is_err() && Clip::Norm(value).check().is_err());
    }
    assert!(Clip::Value(1e-30).check().is_ok() && Clip::Norm(1e30).check().is_ok());
}
