//! Writes the seeds as files into the folders given as arguments, for the fuzzer to begin with.

#[expect(clippy::disallowed_methods, reason = "a chore writes files")]
fn main() -> std::io::Result<()> {
    for folder in std::env::args().skip(1) {
        std::fs::create_dir_all(&folder)?;
        for (i, seed) in contingent_properties::seeds().into_iter().enumerate() {
            std::fs::write(format!("{folder}/seed-{i:04}"), seed)?;
        }
    }
    Ok(())
}
