//! Draws the page of a report document: `page REPORT.json PAGE.html`.

#![expect(clippy::disallowed_methods, reason = "an example that reads and writes files")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, target] = arguments.as_slice() else {
        return Err("usage: page REPORT.json PAGE.html".into());
    };
    let report = serde_json::from_str(&std::fs::read_to_string(document)?)?;
    std::fs::write(target, contingent_report::page::html(&report))?;
    Ok(())
}
