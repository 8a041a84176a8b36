//! A text as a picture that a phone reads.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the picture, by which a scanner finds it (ISO/IEC 18004).
const QUIET: usize = 4;

/// The text as SVG: black on white whatever the page's colours are, because scanners want it so. None when it is too
/// long for one.
pub fn svg(text: &str) -> Option<String> {
    use std::fmt::Write;

    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut dark = String::new();
    for (at, _) in colors
        .iter()
        .enumerate()
        .filter(|(_, color)| **color == Color::Dark)
    {
        let (x, y) = (at % width + QUIET, at / width + QUIET);
        write!(dark, "M{x} {y}h1v1h-1z").ok()?;
    }
    let size = width + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"240\" height=\"240\" \
         role=\"img\" aria-label=\"The secret, for the camera of your phone\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{dark}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_square_with_a_quiet_border_and_one_too_long_none() {
        let picture = svg("otpauth://totp/Compacts:clerk%40example.org?secret=GEZDGNBVGY3TQOJQ")
            .expect("a picture");
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"));
        assert!(picture.contains("M4 4h1v1h-1z"), "the corner is dark");
        assert!(
            !picture.contains("M3 ") && !picture.contains("style"),
            "the border is light"
        );
        assert!(svg(&"x".repeat(8_000)).is_none());
    }
}
