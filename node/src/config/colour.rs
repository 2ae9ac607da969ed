//! Colours and whether text in them can be read (WCAG 2.2, success criterion 1.4.3).

use std::fmt;
use std::str::FromStr;

/// Contrast that text needs.
const READABLE: f64 = 4.5;
/// The darker of the light grounds of the pages: what is readable there is readable on white.
pub const TINT: Colour = Colour([0xed, 0xf3, 0xf9]);
/// The lighter of the dark grounds of the pages.
pub const NIGHT: Colour = Colour([0x18, 0x21, 0x2b]);

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Checks that text in this colour can be read on the light pages, and white text on it.
    ///
    /// # Errors
    ///
    /// The contrast, if it is too little.
    pub fn readable(self) -> Result<(), f64> {
        let contrast = self.contrast(TINT);
        let dark = self.luminance() < TINT.luminance();
        if dark && contrast >= READABLE { Ok(()) } else { Err(contrast) }
    }

    /// Returns the lightest shade of this colour that can be read on the light pages.
    #[must_use]
    pub fn readable_shade(self) -> Self {
        let shades = (0..=100).map(|step| self.towards([0, 0, 0], step));
        shades.into_iter().find(|shade| shade.readable().is_ok()).unwrap_or(Self([0, 0, 0]))
    }

    /// Returns a deeper shade, for what is pointed at.
    #[must_use]
    pub fn deeper(self) -> Self {
        self.towards([0, 0, 0], 25)
    }

    /// Returns the tint of this colour that can be read on the dark pages.
    #[must_use]
    pub fn by_night(self) -> Self {
        let tints = (0..=100).map(|step| self.towards([255, 255, 255], step));
        let readable = |tint: &Self| tint.contrast(NIGHT) >= READABLE + 2.5;
        tints.into_iter().find(readable).unwrap_or(Self([255, 255, 255]))
    }

    /// Returns the contrast of two colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Mixes with another colour, `percent` of it.
    fn towards(self, other: [u8; 3], percent: u16) -> Self {
        let [(a, x), (b, y), (c, z)] =
            [(self.0[0], other[0]), (self.0[1], other[1]), (self.0[2], other[2])];
        let mix = |own: u8, other: u8| {
            let sum = u16::from(own) * (100 - percent) + u16::from(other) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self([mix(a, x), mix(b, y), mix(c, z)])
    }
}

impl FromStr for Colour {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii()).ok_or(())?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(());
        }
        let channel = |at: usize| {
            hex.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).ok_or(())
        };
        Ok(Self([channel(0)?, channel(2)?, channel(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((colour("#ffffff").contrast(colour("#000000")) - 21.0).abs() < 1e-9);
        assert!((colour("#777777").contrast(colour("#ffffff")) - 4.478).abs() < 0.001);
    }

    #[test]
    fn every_colour_has_a_shade_and_a_tint_that_can_be_read() {
        for channels in (0..=0xff_ffff_u32).step_by(0x0f_1f3f) {
            let [_, red, green, blue] = channels.to_be_bytes();
            let colour = Colour([red, green, blue]);
            assert!(colour.readable_shade().readable().is_ok(), "{colour}");
            assert!(colour.readable_shade().deeper().readable().is_ok(), "{colour}");
            assert!(colour.by_night().contrast(NIGHT) >= 4.5, "{colour}");
        }
    }

    #[test]
    fn a_colour_is_six_digits() {
        for text in ["0b4a8f", "#0b4a8", "#0b4a8g", "#+b4a8f", "#0b4a8ff", "rot", "#äöü"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
        assert_eq!(colour("#0B4a8f").to_string(), "#0b4a8f");
        assert_eq!(colour("#0b4a8f").readable(), Ok(()));
        assert!(colour("#ffffff").readable().is_err());
    }
}
