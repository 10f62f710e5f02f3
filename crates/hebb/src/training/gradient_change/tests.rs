use super::*;

#[test]
fn the_change_is_that_of_the_mean_gradients() {
    let mut change = GradientChange::default();
    // The mean is [2, −3].
    change.add(&[1.0, -2.0]);
    change.add(&[3.0, -4.0]);
    change.end();
    assert!(change.change.is_nan());
    assert_eq!(change.largest, 3.0);
    // Now [2.5, −1].
    change.add(&[2.5, -1.0]);
    change.end();
    assert_eq!((change.change, change.largest), (2.0, 2.5));
    // And the same again, from three updates.
    for first in [2.0, 2.5, 3.0] {
        change.add(&[first, -1.0]);
    }
    change.end();
    assert_eq!((change.change, change.largest), (0.0, 2.5));
}
