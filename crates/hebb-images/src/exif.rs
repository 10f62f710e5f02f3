//! The orientation in Exif data.

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation, 1 to 8, of a TIFF structure with Exif data; 1 if it has none, or is damaged.
pub fn orientation(tiff: &[u8]) -> u8 {
    find(tiff).unwrap_or(1)
}

fn find(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let entries = directory.checked_add(2)?;
    (0..usize::from(short(directory)?))
        .map_while(|i| Some((entries.checked_add(12 * i)?, short(entries.checked_add(12 * i)?)?)))
        .find(|&(_, tag)| tag == ORIENTATION)
        .and_then(|(at, _)| (short(at + 2)? == SHORT && long(at + 4)? == 1).then(|| short(at + 8))?)
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiff(little: bool, tag: u16, kind: u16, count: u32, value: u16) -> Vec<u8> {
        let short = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let long = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let mut all = if little { b"II".to_vec() } else { b"MM".to_vec() };
        all.extend(short(42));
        all.extend(long(8));
        all.extend(short(1));
        all.extend([short(tag), short(kind)].concat());
        all.extend(long(count));
        all.extend(short(value));
        all.extend([0, 0]);
        all
    }

    #[test]
    fn of_both_byte_orders() {
        for little in [true, false] {
            for value in 1..=8 {
                let made = tiff(little, ORIENTATION, SHORT, 1, value);
                assert_eq!(u16::from(orientation(&made)), value);
            }
        }
    }

    #[test]
    fn broken_data_has_none() {
        assert_eq!(orientation(&[]), 1);
        for little in [true, false] {
            assert_eq!(orientation(&tiff(little, ORIENTATION, SHORT, 1, 9)), 1);
            assert_eq!(orientation(&tiff(little, ORIENTATION, SHORT, 1, 0)), 1);
            assert_eq!(orientation(&tiff(little, ORIENTATION, 4, 1, 6)), 1);
            assert_eq!(orientation(&tiff(little, ORIENTATION, SHORT, 2, 6)), 1);
            assert_eq!(orientation(&tiff(little, 0x0113, SHORT, 1, 6)), 1);
            let good = tiff(little, ORIENTATION, SHORT, 1, 6);
            for end in 0..20 {
                assert_eq!(orientation(&good[..end]), 1);
            }
            let mut far = good.clone();
            far[4..8].fill(0xff);
            assert_eq!(orientation(&far), 1);
        }
    }
}
