//! What a data set holds, and how its samples are gathered.

use super::*;
use hebb_kernels::error::Code;

fn code(result: Result<Dataset>) -> Option<Code> {
    result.err().map(|error| error.code)
}

fn outputs(units: usize) -> [Named; 1] {
    [("dense1".to_owned(), vec![units])]
}

/// Three samples of two values.
fn floats() -> Result<Dataset> {
    Dataset::from_floats(&[2], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
}

#[test]
fn data_is_whole_samples_of_finite_values() -> Result<()> {
    assert_eq!(floats()?.len(), 3);
    assert!(!floats()?.is_empty());
    assert_eq!(Dataset::from_bytes(&[1, 2, 2], vec![0; 8])?.len(), 2);
    assert_eq!(code(Dataset::from_floats(&[2], Vec::new())), Some(Code::Data));
    assert_eq!(code(Dataset::from_floats(&[0], vec![1.0])), Some(Code::Data));
    assert_eq!(code(Dataset::from_floats(&[usize::MAX, 2], vec![1.0])), Some(Code::Data));
    assert_eq!(code(Dataset::from_floats(&[2], vec![1.0; 3])), Some(Code::Shape));
    assert_eq!(code(Dataset::from_floats(&[1], vec![1.0, f32::NAN])), Some(Code::Data));
    assert_eq!(code(Dataset::from_floats(&[1], vec![1.0, f32::NEG_INFINITY])), Some(Code::Data));
    Ok(())
}

#[test]
fn targets_are_as_many_as_samples() -> Result<()> {
    assert_eq!(code(floats()?.with_classes(vec![0, 1])), Some(Code::Shape));
    assert_eq!(code(floats()?.with_classes(vec![0, 1, 0, 1])), Some(Code::Shape));
    assert_eq!(code(floats()?.with_values(vec![0.0; 4])), Some(Code::Shape));
    assert_eq!(code(floats()?.with_values(Vec::new())), Some(Code::Shape));
    assert_eq!(code(floats()?.with_values(vec![0.0, f32::NAN, 0.0])), Some(Code::Data));
    assert_eq!(floats()?.with_classes(vec![2, 0, 1])?.classes(), Some(vec![2, 0, 1]));
    assert_eq!(floats()?.with_values(vec![0.5; 6])?.classes(), None);
    Ok(())
}

#[test]
fn a_part_of_a_part_is_of_the_whole() -> Result<()> {
    let data = floats()?.with_classes(vec![7, 8, 9])?;
    let part = data.subset(&[2, 0, 2])?;
    assert_eq!((part.len(), part.classes()), (3, Some(vec![9, 7, 9])));
    let less = part.subset(&[1, 2])?;
    assert_eq!((less.len(), less.classes()), (2, Some(vec![7, 9])));
    assert_eq!(less.x_floats()?, Some(vec![1.0, 2.0, 5.0, 6.0]));
    assert!(part.subset(&[3]).is_err() && data.subset(&[]).is_err());
    assert!(data.subset(&[2]).is_ok());
    Ok(())
}

#[test]
fn bytes_are_parts_of_255() -> Result<()> {
    let data = Dataset::from_bytes(&[2], vec![0, 255, 51, 102])?;
    assert_eq!(data.x_bytes()?, Some(vec![0, 255, 51, 102]));
    let mut into = [9.0; 8];
    data.gather(&[1, 0], 4, &mut into);
    // The lanes that are left over repeat the first sample.
    let expected = [0.2, 0.0, 0.2, 0.2, 0.4, 1.0, 0.4, 0.4];
    assert!(into.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-7), "{into:?}");
    Ok(())
}

#[test]
fn memory_is_counted() -> Result<()> {
    assert_eq!(floats()?.bytes(), 24);
    assert_eq!(floats()?.with_classes(vec![0, 1, 2])?.bytes(), 24 + 12);
    assert_eq!(floats()?.with_values(vec![0.0; 6])?.bytes(), 24 + 24);
    assert_eq!(Dataset::from_bytes(&[2], vec![0; 6])?.with_classes(vec![0, 1, 2])?.bytes(), 6 + 12);
    Ok(())
}

#[test]
fn samples_lie_side_by_side() -> Result<()> {
    let data = floats()?;
    let mut into = [9.0; 6];
    data.gather(&[2, 0], 3, &mut into);
    assert_eq!(into, [5.0, 1.0, 5.0, 6.0, 2.0, 6.0]);
    let mut full = [9.0; 4];
    data.subset(&[1, 2])?.gather(&[0, 1], 2, &mut full);
    assert_eq!(full, [3.0, 5.0, 4.0, 6.0]);
    Ok(())
}

#[test]
fn targets_lie_side_by_side() -> Result<()> {
    let values = floats()?.with_values((0..9).map(|i| i as f32).collect())?;
    let mut into = [9.0; 6];
    values.gather_targets(&[2, 0], 3, 1..3, &mut into);
    assert_eq!(into, [7.0, 1.0, 0.0, 8.0, 2.0, 0.0]);
    let classes = floats()?.with_classes(vec![1, 0, 1])?;
    let mut onehot = [9.0; 6];
    classes.gather_targets(&[0, 1], 3, 0..2, &mut onehot);
    assert_eq!(onehot, [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
    let mut one = [9.0; 3];
    classes.gather_targets(&[0, 1], 3, 0..1, &mut one);
    assert_eq!(one, [1.0, 0.0, 0.0]);
    let mut none = [9.0; 2];
    floats()?.gather_targets(&[0], 2, 0..1, &mut none);
    assert_eq!(none, [0.0, 0.0]);
    Ok(())
}

#[test]
fn inputs_and_targets_fit_a_network() -> Result<()> {
    let data = floats()?;
    assert!(data.check_input(&[2]).is_ok() && data.check_input(&[1, 2]).is_ok());
    assert!(data.check_input(&[3]).is_err() && data.check_input(&[2, 2]).is_err());
    assert!(floats()?.check_targets(&outputs(1)).is_err());
    let classes = |last| floats()?.with_classes(vec![0, 0, last]);
    assert!(
        classes(2)?.check_targets(&outputs(3)).is_ok() && classes(3)?.check_targets(&outputs(3)).is_err()
    );
    // One output tells two classes apart.
    assert!(
        classes(1)?.check_targets(&outputs(1)).is_ok() && classes(2)?.check_targets(&outputs(1)).is_err()
    );
    let values = floats()?.with_values(vec![0.0; 6])?;
    assert!(values.check_targets(&outputs(2)).is_ok());
    assert!(values.check_targets(&outputs(1)).is_err() && values.check_targets(&outputs(3)).is_err());
    Ok(())
}

#[test]
fn the_order_of_an_epoch_is_drawn_or_as_it_is() -> Result<()> {
    let data = Dataset::from_floats(&[1], vec![0.0; 100])?;
    assert_eq!(data.order(false, 1, 2), (0..100).collect::<Vec<_>>());
    let order = data.order(true, 1, 2);
    assert_eq!(order, data.order(true, 1, 2));
    assert_ne!(order, data.order(true, 1, 3));
    assert_ne!(order, data.order(true, 2, 2));
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_ne!(order, sorted);
    assert_eq!(sorted, data.order(false, 0, 0));
    Ok(())
}

#[test]
fn the_variance_is_that_of_the_targets_asked_for() -> Result<()> {
    // The first target is 0, 1, 5 with variance 14/3, the second always 1, the third 0, 2, 4 with variance 8/3.
    let t = vec![0.0, 1.0, 0.0, 1.0, 1.0, 2.0, 5.0, 1.0, 4.0];
    let data = floats()?.with_values(t)?;
    for (part, expected) in [(0..1, 14.0 / 3.0), (1..2, 0.0), (2..3, 8.0 / 3.0), (0..3, 22.0 / 3.0)] {
        assert!((data.variance(part) - expected).abs() < 1e-9);
    }
    assert!((data.subset(&[0, 1])?.variance(0..1) - 0.25).abs() < 1e-9);
    Ok(())
}

#[test]
fn the_kinds_of_target_values_are_known() -> Result<()> {
    // 0 and 1; only 1, which is both; −1 and 1; fractions.
    let t = vec![0.0, 1.0, -1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];
    let data = floats()?.with_values(t)?;
    for (part, binary, signs) in [
        (0..1, true, false),
        (1..2, true, true),
        (2..3, false, true),
        (3..4, false, false),
        (0..2, true, false),
        (1..3, false, true),
        (0..3, false, false),
    ] {
        assert_eq!(data.kinds(part), Kinds { classes: false, binary, signs });
    }
    assert!(floats()?.with_classes(vec![0, 1, 2])?.kinds(0..1).classes);
    Ok(())
}

#[test]
fn moments_are_means_and_variances() -> Result<()> {
    let data = floats()?.with_values(vec![1.0, 5.0, 4.0, 5.0, 4.0, 5.0])?;
    assert_eq!(data.moments(0..2), [(3.0, 2.0), (5.0, 0.0)]);
    Ok(())
}

#[test]
fn targets_that_do_not_fit_are_told_how_to_fit() -> Result<()> {
    let told = |data: Dataset, shape: &[usize]| {
        let error = data.check_targets(&[("dense1".to_owned(), shape.to_vec())]).err();
        error.map_or(String::new(), |error| error.message)
    };
    assert!(told(floats()?.with_values(vec![0.0, 1.0, 2.0])?, &[3]).contains("a flat list of integers"));
    assert!(
        told(floats()?.with_values(vec![0.0, 1.5, 2.0])?, &[3]).contains("for class numbers give integers")
    );
    // Two time steps a sample.
    let message = told(floats()?.with_classes(vec![0, 1, 2, 0, 1, 9])?, &[2, 3]);
    assert!(message.contains("class number 9") && message.contains("(sample 2)"), "{message}");
    Ok(())
}
