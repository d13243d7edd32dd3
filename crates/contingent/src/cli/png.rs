//! Charts as PNG.
//!
//! Enters: a chart as an SVG document, fonts. Leaves: the bytes of a PNG file, or why there are none. Always holds: nothing is loaded
//! but fonts of this machine; without a font there is no picture, since letters would silently be missing.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use super::Stop;

/// Dots for each pixel of the chart: letters stay sharp in print.
const SCALE: f32 = 2.0;

/// Fonts that are asked for first, in this order, where the style names none that is there.
const FAMILIES: [&str; 6] = ["Noto Sans", "Liberation Sans", "DejaVu Sans", "Arial", "Helvetica", "Segoe UI"];

/// The fonts of this machine.
pub(super) fn fonts() -> Arc<Database> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    Arc::new(named(fonts))
}

/// Says which of the fonts stands for letters without serifs.
fn named(mut fonts: Database) -> Database {
    let families = || fonts.faces().flat_map(|face| &face.families).map(|(name, _)| name.as_str());
    let chosen = FAMILIES
        .into_iter()
        .find(|wanted| families().any(|name| name == *wanted))
        .or_else(|| families().next());
    if let Some(chosen) = chosen.map(str::to_owned) {
        fonts.set_sans_serif_family(chosen);
    }
    fonts
}

/// A chart as a picture.
pub(super) fn png(name: &str, svg: &str, fonts: &Arc<Database>) -> Result<Vec<u8>, Stop> {
    if fonts.is_empty() {
        return Err(Stop::Fault(
            "no font was found on this machine, so the letters of charts cannot be drawn\nhelp: install one (Debian: \
             `apt-get install fonts-dejavu-core`), or write `--format svg`, which needs none"
                .to_owned(),
        ));
    }
    let failed = |reason: &str| {
        Stop::Fault(format!("cannot draw `{name}` as PNG: {reason}\nhelp: `--format svg` writes it as it is"))
    };
    let options = Options { fontdb: Arc::clone(fonts), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(&error.to_string()))?;
    let size = tree.size().to_int_size();
    let dots = |pixels: u32| (pixels as f32 * SCALE) as u32;
    let mut picture =
        Pixmap::new(dots(size.width()), dots(size.height())).ok_or_else(|| failed("it has no size"))?;
    picture.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|error| failed(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_font_there_is_no_picture_but_a_way_on() {
        let found =
            png("a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", &Arc::default());
        assert!(
            matches!(found, Err(Stop::Fault(text)) if text.contains("no font") && text.contains("--format svg"))
        );
    }
}
