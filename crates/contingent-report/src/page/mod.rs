//! The page.
use crate::document::report::Report;
use crate::figure::Figure;
/// HTML.
pub fn html(_report: &Report) -> String { String::new() }
/// Markdown.
pub fn markdown(_report: &Report) -> String { String::new() }
/// Charts.
pub fn figures(_report: &Report) -> Vec<Figure> { Vec::new() }
