//! trial
#![allow(unsafe_code)]
use contingent_ensemble::*;
use contingent_analysis::*;
#[unsafe(no_mangle)]
pub extern "C" fn alloc(n: usize) -> *mut u8 { let mut v = Vec::<u8>::with_capacity(n); let p = v.as_mut_ptr(); std::mem::forget(v); p }
#[unsafe(no_mangle)]
pub extern "C" fn go(p: *const u8, n: usize, seed: u64, draws: u32, keep: u32) -> *const u8 {
    std::panic::set_hook(Box::new(|info| { let s = info.to_string(); std::hint::black_box(&s); }));
    let text = unsafe { std::str::from_utf8(std::slice::from_raw_parts(p, n)).unwrap() };
    let mut files: std::collections::BTreeMap<String, String> = text.split('\u{1}').map(|part| { let (a, b) = part.split_once('\u{2}').unwrap(); (a.to_owned(), b.to_owned()) }).collect();
    let main = files.remove("model.ctg").unwrap();
    let loaded = contingent_model::load("model.ctg", main, &mut |name| files.get(name).cloned().ok_or_else(|| "none".to_owned()));
    let checked = contingent_model::check(loaded);
    let mut out = String::new();
    let Some(model) = checked.model else { for d in checked.diagnostics { out += &d.headline; } return leak(out) };
    let design = Design { seed, n_draws: draws, n_replications: 2 };
    let experiment = Experiment::default();
    let result = run_experiment(&model, &experiment, &design, &RunOptions { recorded_draws: keep, ..RunOptions::default() });
    match result {
        Err(e) => out += &e.to_string(),
        Ok(r) => {
            for c in &r.outcome_values {
                let column = OutcomeColumn::new(c, 2);
                if let Ok(e) = ProbabilityEstimate::new(&column) { out += &format!("{} {}\n", in_100(e.probability, e.interval), phrase_in(Scale::Icd203, e.probability, e.interval).words); }
                if let Ok(e) = QuantityEstimate::new(&column) { out += &format!("{:?}\n", e.mean); }
                if let Ok(e) = passage_curve(&column, 1.0, 105) { out += &format!("{}\n", e.points[100].probability); }
            }
            let rows = (0..r.n_times).map(|t| { let s = t * r.recorded.len() * r.n_kept_runs; &r.trajectories[s..s + r.n_kept_runs] });
            if r.n_kept_runs > 0 { let f = fan(rows); out += &format!("{}", f.quantiles[2][100]); }
        }
    }
    leak(out)
}
fn leak(s: String) -> *const u8 { let mut v = (s.len() as u32).to_le_bytes().to_vec(); v.extend(s.bytes()); let p = v.as_ptr(); std::mem::forget(v); p }
