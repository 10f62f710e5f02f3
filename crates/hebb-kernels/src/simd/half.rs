//! Half precision, IEEE 754 binary16: 11 bits, from 2⁻²⁴ to 65,504.

/// The largest finite number of half precision.
pub const LARGEST_HALF: f32 = 65504.0;

/// The nearest number of half precision; of two, the even one. The value is at most [`LARGEST_HALF`].
pub fn to_half(value: f32) -> u16 {
    let (sign, bits) = ((value.to_bits() >> 16) as u16 & 0x8000, value.to_bits() & 0x7fff_ffff);
    // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴.
    let least_normal = 113 << 23;
    if bits < least_normal {
        return sign | (value.abs() * 16_777_216.0).round_ties_even() as u16;
    }
    let shifted = bits - (112 << 23);
    sign | ((shifted + 0xfff + (shifted >> 13 & 1)) >> 13) as u16
}

/// The number that these bits are in half precision.
pub fn from_half(bits: u16) -> f32 {
    // 2¹¹² is the difference of the exponents' zeros; the product is exact.
    let magnitude = f32::from_bits(u32::from(bits & 0x7fff) << 13) * f32::from_bits((112 + 127) << 23);
    f32::from_bits(magnitude.to_bits() | u32::from(bits & 0x8000) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number of half precision, and what lies between two of them.
    #[test]
    fn halves_are_rounded_to_the_nearest() {
        for bits in 0..0x7bff_u16 {
            let (low, high) = (from_half(bits), from_half(bits + 1));
            assert_eq!([to_half(low), to_half(-low)], [bits, bits | 0x8000]);
            let middle = low + (high - low) / 2.0;
            let even = if bits.is_multiple_of(2) { bits } else { bits + 1 };
            assert_eq!(to_half(middle), even);
            assert_eq!(to_half(f32::from_bits(middle.to_bits() - 1)), bits);
            assert_eq!(to_half(f32::from_bits(middle.to_bits() + 1)), bits + 1);
        }
        assert_eq!([from_half(0x3c00), from_half(1), from_half(0x7bff)], [1.0, 2f32.powi(-24), LARGEST_HALF]);
    }
}
