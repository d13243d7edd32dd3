//! XMILE models of our own, whose numbers follow from the standard or from a closed form, and the models of others
//! where they are at hand. Each is also written as XMILE and read again.

#![allow(
    clippy::disallowed_methods,
    reason = "the closed forms are computed by the platform, and tests read files"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use contingent::conformance::{State, checked, conformance, page, round_trip, simulate, simulate_with};
use contingent::simulation::Simulation;
use contingent_engine::ChanceMode;
use contingent_xmile::{ImportError, Weight, import};

/// A file with these settings and variables.
fn file(specs: &str, variables: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xmile version=\"1.0\" \
         xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" xmlns:isee=\"http://iseesystems.com/XMILE\">\n\
         <header><name>own</name></header>\n{specs}\n<model><variables>\n{variables}\n</variables></model>\n</xmile>"
    )
}

fn specs(start: f64, stop: f64, dt: f64) -> String {
    format!("<sim_specs method=\"Euler\"><start>{start}</start><stop>{stop}</stop><dt>{dt}</dt></sim_specs>")
}

fn text_of(xmile: &str) -> String {
    match import("own.xmile", xmile) {
        Ok(imported) => imported.text,
        Err(error) => panic!("the model is imported: {error}\n{xmile}"),
    }
}

/// The simulation of a file; it is also written as XMILE, read again and compared.
fn run(xmile: &str) -> Simulation {
    let text = text_of(xmile);
    let model = checked("own.ctg", &text).unwrap_or_else(|reason| panic!("{reason}\n{text}"));
    let simulated = simulate(&model).unwrap_or_else(|reason| panic!("{reason}\n{text}"));
    let n_compared = round_trip(&model, &simulated).unwrap_or_else(|reason| panic!("{reason}\n{text}"));
    assert!(n_compared > 0, "nothing was compared");
    simulated
}

fn column(simulated: &Simulation, name: &str) -> Vec<f64> {
    let position = simulated
        .columns
        .iter()
        .position(|column| column == name)
        .unwrap_or_else(|| panic!("no `{name}` among {:?}", simulated.columns));
    simulated.rows.iter().map(|row| row[position]).collect()
}

/// The values at all times are those of a function of time.
fn follows(simulated: &Simulation, name: &str, expected: impl Fn(f64) -> f64) {
    for (&time, value) in simulated.times.iter().zip(column(simulated, name)) {
        let wanted = expected(time);
        assert!(
            (value - wanted).abs() <= 1e-9 * wanted.abs().max(1.0),
            "`{name}` is {value} at {time}, not {wanted}"
        );
    }
}

fn refusals(xmile: &str) -> String {
    match import("own.xmile", xmile) {
        Ok(imported) => panic!("it must be refused:\n{}", imported.text),
        Err(ImportError::Refused(report)) => report
            .notes
            .iter()
            .filter(|note| note.weight == Weight::Refused)
            .map(|note| format!("{}: {}\n", note.place, note.reason))
            .collect(),
        Err(other) => other.to_string(),
    }
}

#[test]
fn steps_ramps_and_pulses_come_when_the_standard_says() {
    let simulated = run(&file(
        &specs(1.0, 13.0, 0.25),
        "<aux name=\"a step\"><eqn>STEP(3, 5)</eqn></aux>
         <aux name=\"a ramp\"><eqn>RAMP(2, 4)</eqn></aux>
         <aux name=\"a short ramp\"><eqn>RAMP(2, 4, 6)</eqn></aux>
         <aux name=\"one pulse\"><eqn>PULSE(10, 3)</eqn></aux>
         <aux name=\"pulses\"><eqn>PULSE(10, 3, 2.5)</eqn></aux>
         <aux name=\"no repetition\"><eqn>PULSE(10, 3, 0)</eqn></aux>
         <stock name=\"filled\"><eqn>0</eqn><inflow>filling</inflow></stock>
         <flow name=\"filling\"><eqn>pulses</eqn></flow>",
    ));
    assert_eq!((simulated.times[0], simulated.times.len()), (1.0, 49));
    follows(&simulated, "a step", |t| if t >= 5.0 { 3.0 } else { 0.0 });
    follows(&simulated, "a ramp", |t| 2.0 * (t - 4.0).max(0.0));
    follows(&simulated, "a short ramp", |t| 2.0 * (t.min(6.0) - 4.0).max(0.0));
    follows(&simulated, "one pulse", |t| if t == 3.0 { 40.0 } else { 0.0 });
    follows(&simulated, "no repetition", |t| if t == 3.0 { 40.0 } else { 0.0 });
    let is_pulse = |t: f64| t >= 3.0 && ((t - 3.0) / 2.5).fract() == 0.0;
    follows(&simulated, "pulses", |t| if is_pulse(t) { 40.0 } else { 0.0 });
    // Each pulse brings its magnitude: 3, 5.5, 8 and 10.5 have passed by 13, and the one at 13 has not.
    assert_eq!(column(&simulated, "filled").last(), Some(&40.0));
}

/// Stocks in a row, each emptied at the same rate, by Euler's method.
fn material_delay(
    input: &dyn Fn(f64) -> f64,
    times: &[f64],
    order: usize,
    duration: f64,
    initial: f64,
) -> Vec<f64> {
    let (dt, each) = (times[1] - times[0], duration / order as f64);
    let mut levels = vec![initial * each; order];
    times
        .iter()
        .map(|&time| {
            let outflows: Vec<f64> = levels.iter().map(|level| level / each).collect();
            let out = outflows[order - 1];
            for i in 0..order {
                let inflow = if i == 0 { input(time) } else { outflows[i - 1] };
                levels[i] += dt * (inflow - outflows[i]);
            }
            out
        })
        .collect()
}

/// Averages in a row, each of which closes a part of its gap, by Euler's method.
fn information_delay(
    input: &dyn Fn(f64) -> f64,
    times: &[f64],
    order: usize,
    duration: f64,
    initial: f64,
) -> Vec<f64> {
    let (dt, each) = (times[1] - times[0], duration / order as f64);
    let mut levels = vec![initial; order];
    times
        .iter()
        .map(|&time| {
            let before = levels.clone();
            for i in 0..order {
                let target = if i == 0 { input(time) } else { before[i - 1] };
                levels[i] += dt * (target - before[i]) / each;
            }
            before[order - 1]
        })
        .collect()
}

#[test]
fn delays_and_smoothings_are_those_of_stocks_in_a_row() {
    let simulated = run(&file(
        &specs(0.0, 20.0, 0.125),
        "<aux name=\"x\"><eqn>5 + STEP(10, 3)</eqn></aux>
         <aux name=\"d1\"><eqn>DELAY1(x, 4)</eqn></aux>
         <aux name=\"d1i\"><eqn>DELAY1(x, 4, 2)</eqn></aux>
         <aux name=\"d3\"><eqn>DELAY3(x, 6)</eqn></aux>
         <aux name=\"d3i\"><eqn>DELAY3(x, 6, 1)</eqn></aux>
         <aux name=\"dn\"><eqn>DELAYN(x, 6, 5)</eqn></aux>
         <aux name=\"s1\"><eqn>SMTH1(x, 4)</eqn></aux>
         <aux name=\"s3\"><eqn>SMTH3(x, 6, 0)</eqn></aux>
         <aux name=\"sn\"><eqn>SMTHN(x, 6, 4)</eqn></aux>
         <aux name=\"fixed\"><eqn>DELAY(x, 2)</eqn></aux>
         <aux name=\"fixed i\"><eqn>DELAY(x, 2, -1)</eqn></aux>",
    ));
    let x = |t: f64| if t >= 3.0 { 15.0 } else { 5.0 };
    let times = &simulated.times;
    for (name, expected) in [
        ("d1", material_delay(&x, times, 1, 4.0, 5.0)),
        ("d1i", material_delay(&x, times, 1, 4.0, 2.0)),
        ("d3", material_delay(&x, times, 3, 6.0, 5.0)),
        ("d3i", material_delay(&x, times, 3, 6.0, 1.0)),
        ("dn", material_delay(&x, times, 5, 6.0, 5.0)),
        ("s1", information_delay(&x, times, 1, 4.0, 5.0)),
        ("s3", information_delay(&x, times, 3, 6.0, 0.0)),
        ("sn", information_delay(&x, times, 4, 6.0, 5.0)),
    ] {
        for ((&time, value), wanted) in times.iter().zip(column(&simulated, name)).zip(expected) {
            assert!((value - wanted).abs() < 1e-9, "`{name}` is {value} at {time}, not {wanted}");
        }
    }
    follows(&simulated, "fixed", |t| x(t - 2.0));
    follows(&simulated, "fixed i", |t| if t < 2.0 { -1.0 } else { x(t - 2.0) });
}

#[test]
fn starts_the_past_and_trends_are_remembered() {
    let simulated = run(&file(
        &specs(2.0, 10.0, 0.5),
        "<stock name=\"s\"><eqn>10</eqn><inflow>growth</inflow></stock>
         <flow name=\"growth\"><eqn>0.1 * s</eqn></flow>
         <aux name=\"first\"><eqn>INIT(s * 2)</eqn></aux>
         <aux name=\"before\"><eqn>PREVIOUS(s, 7)</eqn></aux>
         <aux name=\"growing\"><eqn>TREND(s, 4, 0.05)</eqn></aux>
         <aux name=\"forecast\"><eqn>FORCST(s, 4, 3, 0.05)</eqn></aux>
         <aux name=\"clock\"><eqn>TIME + DT + STARTTIME + STOPTIME</eqn></aux>",
    ));
    let growth = |t: f64| 10.0 * 1.05_f64.powf((t - 2.0) / 0.5);
    follows(&simulated, "s", growth);
    follows(&simulated, "first", |_| 20.0);
    follows(&simulated, "before", |t| if t == 2.0 { 7.0 } else { growth(t - 0.5) });
    follows(&simulated, "clock", |t| t + 0.5 + 2.0 + 10.0);
    let mut average = 10.0 / (1.0 + 0.05 * 4.0);
    let (trends, forecasts) = (column(&simulated, "growing"), column(&simulated, "forecast"));
    for ((&time, trend), forecast) in simulated.times.iter().zip(trends).zip(forecasts) {
        let input = growth(time);
        let wanted = (input - average) / (average * 4.0);
        assert!((trend - wanted).abs() < 1e-9, "the trend is {trend} at {time}, not {wanted}");
        assert!(
            (forecast - input * (1.0 + wanted * 3.0)).abs() < 1e-8,
            "the forecast is {forecast} at {time}"
        );
        average += 0.5 * (input - average) / 4.0;
    }
}

#[test]
fn conveyors_hold_back_for_their_length_and_lose_nothing() {
    let simulated = run(&file(
        &specs(0.0, 20.0, 0.5),
        "<stock name=\"belt\"><eqn>12</eqn><inflow>loading</inflow><outflow>unloading</outflow>
           <conveyor><len>4</len></conveyor></stock>
         <stock name=\"store\"><eqn>0</eqn><inflow>unloading</inflow></stock>
         <flow name=\"loading\"><eqn>2 + TIME</eqn></flow>
         <flow name=\"unloading\"><eqn>0</eqn></flow>",
    ));
    follows(&simulated, "unloading", |t| if t < 4.0 { 12.0 / 4.0 } else { 2.0 + (t - 4.0) });
    let (belt, store) = (column(&simulated, "belt"), column(&simulated, "store"));
    let mut loaded = 12.0;
    for ((&time, belt), store) in simulated.times.iter().zip(belt).zip(store) {
        assert!((belt + store - loaded).abs() < 1e-9, "something is lost by {time}");
        loaded += 0.5 * (2.0 + time);
    }
}

#[test]
fn draws_have_the_moments_of_their_distributions() {
    let xmile = file(
        &specs(0.0, 40_000.0, 1.0),
        "<aux name=\"normal\"><eqn>NORMAL(3, 2, 99)</eqn></aux>
         <aux name=\"uniform\"><eqn>UNIFORM(-1, 5)</eqn></aux>
         <aux name=\"poisson\"><eqn>POISSON(2.5)</eqn></aux>
         <aux name=\"exponential\"><eqn>EXPRND(4)</eqn></aux>
         <aux name=\"lognormal\"><eqn>LOGNORMAL(6, 3)</eqn></aux>
         <aux name=\"binomial\"><eqn>BINOMIAL(20, 0.3)</eqn></aux>
         <aux name=\"gamma\"><eqn>GAMMA(3, 2)</eqn></aux>
         <aux name=\"weibull\"><eqn>WEIBULL(2, 3)</eqn></aux>
         <aux name=\"triangular\"><eqn>TRIANGULAR(0, 1, 4)</eqn></aux>
         <aux name=\"geometric\"><eqn>GEOMETRIC(0.25)</eqn></aux>
         <aux name=\"logistic\"><eqn>LOGISTIC(1, 0.5)</eqn></aux>",
    );
    let model = checked("own.ctg", &text_of(&xmile)).expect("the import passes the checker");
    let drawn = simulate_with(&model, ChanceMode::Drawn, 7).expect("it runs");
    let pi = std::f64::consts::PI;
    // (mean, variance); the fourth moments are below 15 of the variance squared, so that the bounds below, of five and
    // six standard errors, fail by chance less than once in a million for a mean.
    let cases = [
        ("normal", 3.0, 4.0),
        ("uniform", 2.0, 3.0),
        ("poisson", 2.5, 2.5),
        ("exponential", 4.0, 16.0),
        ("lognormal", 6.0, 9.0),
        ("binomial", 6.0, 4.2),
        ("gamma", 6.0, 12.0),
        ("weibull", 3.0 * (pi / 4.0).sqrt(), 9.0 * (1.0 - pi / 4.0)),
        ("triangular", 5.0 / 3.0, (16.0 + 1.0 - 4.0) / 18.0),
        ("geometric", 4.0, 12.0),
        ("logistic", 1.0, 0.25 * pi * pi / 3.0),
    ];
    for (name, mean, variance) in cases {
        let values = column(&drawn, name);
        let n = values.len() as f64;
        assert!(n > 40_000.0, "{name}");
        let found = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|value| (value - found).powi(2)).sum::<f64>() / (n - 1.0);
        assert!(
            (found - mean).abs() < 5.0 * (variance / n).sqrt(),
            "the mean of {name} is {found}, not {mean}"
        );
        assert!(
            (spread - variance).abs() < 6.0 * variance * (14.0 / n).sqrt(),
            "the variance of {name} is {spread}, not {variance}"
        );
    }
    // What is drawn for one has nothing to do with the others.
    let (a, b) = (column(&drawn, "normal"), column(&drawn, "uniform"));
    let covariance = a.iter().zip(&b).map(|(a, b)| (a - 3.0) * (b - 2.0)).sum::<f64>() / a.len() as f64;
    assert!(covariance.abs() < 5.0 * (4.0 * 3.0 / a.len() as f64).sqrt(), "they go together: {covariance}");
}

#[test]
fn graphical_functions_clamp_go_on_or_step() {
    let points = "<xscale min=\"2\" max=\"6\"/><ypts>1, 3, 11</ypts>";
    let simulated = run(&file(
        &specs(0.0, 8.0, 0.5),
        &format!(
            "<aux name=\"clamped\"><eqn>TIME</eqn><gf>{points}</gf></aux>
             <aux name=\"going on\"><eqn>TIME</eqn><gf type=\"extrapolate\">{points}</gf></aux>
             <aux name=\"stepped\"><eqn>TIME</eqn><gf type=\"discrete\">{points}</gf></aux>
             <gf name=\"of its own\"><xpts sep=\";\">0;10</xpts><ypts>0,5</ypts></gf>
             <aux name=\"called\"><eqn>of_its_own(TIME) + LOOKUP(\"of its own\", 2)</eqn></aux>"
        ),
    ));
    let line = |t: f64| if t < 4.0 { 1.0 + (t - 2.0) } else { 3.0 + 4.0 * (t - 4.0) };
    follows(&simulated, "clamped", |t| line(t.clamp(2.0, 6.0)));
    follows(&simulated, "going on", line);
    follows(&simulated, "stepped", |t| {
        if t < 4.0 {
            1.0
        } else if t < 6.0 {
            3.0
        } else {
            11.0
        }
    });
    follows(&simulated, "called", |t| t / 2.0 + 1.0);
}

#[test]
fn stocks_that_hold_no_less_than_nothing_serve_outflows_in_their_order() {
    let simulated = run(&file(
        &specs(0.0, 6.0, 1.0),
        "<stock name=\"s\"><eqn>10</eqn><inflow>in</inflow><outflow>first</outflow><outflow>second</outflow>
           <non_negative/></stock>
         <flow name=\"in\"><eqn>1</eqn><non_negative/></flow>
         <flow name=\"second\"><eqn>3</eqn><non_negative/></flow>
         <flow name=\"first\"><eqn>4</eqn><non_negative/></flow>
         <flow name=\"never back\"><eqn>-5</eqn><non_negative/></flow>
         <stock name=\"free\"><eqn>1</eqn><outflow>never back</outflow><outflow>debt</outflow></stock>
         <flow name=\"debt\"><eqn>2</eqn></flow>",
    ));
    // What is there and what flows in: 10, then 4 + 1 of which the first takes 4 and the second the rest.
    assert_eq!(column(&simulated, "s"), [10.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(column(&simulated, "first"), [4.0, 4.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(column(&simulated, "second"), [3.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    follows(&simulated, "never back", |_| 0.0);
    follows(&simulated, "free", |t| 1.0 - 2.0 * t);
}

#[test]
fn arrays_run_over_all_elements_some_or_one() {
    let dims = "<dimensions><dim name=\"Region\"><elem name=\"North West\"/><elem name=\"South\"/><elem name=\"East\"/></dim>
        <dim name=\"Coast\"><elem name=\"North West\"/><elem name=\"East\"/></dim><dim name=\"N\" size=\"2\"/></dimensions>";
    let over = |names: &[&str]| {
        let list: String = names.iter().map(|name| format!("<dim name=\"{name}\"/>")).collect();
        format!("<dimensions>{list}</dimensions>")
    };
    let variables = format!(
        "<aux name=\"base\">{r}<element subscript=\"North West\"><eqn>1</eqn></element>
           <element subscript=\"South\"><eqn>2</eqn></element><element subscript=\"East\"><eqn>10 * n[2]</eqn></element></aux>
         <aux name=\"listed\">{r}<eqn>4, 5, 6</eqn></aux>
         <aux name=\"n\">{n}<eqn>7</eqn></aux>
         <stock name=\"people\">{r}<eqn>base</eqn><inflow>births</inflow></stock>
         <flow name=\"births\">{r}<eqn>people[Region] * 0.5</eqn></flow>
         <aux name=\"all\"><eqn>SUM(base[*])</eqn></aux>
         <aux name=\"share\">{r}<eqn>base / SUM(base[*])</eqn></aux>
         <aux name=\"coast\">{c}<eqn>base[Coast] + 1</eqn></aux>
         <aux name=\"one\"><eqn>base[North_West] + listed[\"South\"] + base[3]</eqn></aux>
         <aux name=\"table\">{rn}<eqn>base[Region] * n[N]</eqn></aux>
         <aux name=\"rows\">{r}<eqn>SUM(table[Region, *])</eqn></aux>
         <aux name=\"matrix\">{rr}<eqn>1</eqn></aux>
         <aux name=\"dynamic\"><eqn>listed[INT(1 + TIME)]</eqn></aux>
         <aux name=\"extremes\"><eqn>MAX(listed[*]) * 100 + MIN(listed[*]) * 10 + MEAN(listed[*]) + SIZE(listed) + PROD(n[*])</eqn></aux>
         <aux name=\"curve\">{r}<element subscript=\"North West\"><eqn>TIME</eqn><gf><xscale min=\"0\" max=\"2\"/><ypts>0,4</ypts></gf></element>
           <element subscript=\"South\"><eqn>3</eqn></element><element subscript=\"East\"><eqn>TIME</eqn><gf type=\"extrapolate\"><xscale min=\"0\" max=\"1\"/><ypts>0,1</ypts></gf></element></aux>",
        r = over(&["Region"]),
        c = over(&["Coast"]),
        n = over(&["N"]),
        rn = over(&["Region", "N"]),
        rr = over(&["Region", "Region"]),
    );
    let simulated = run(&file(&format!("{}{dims}", specs(0.0, 3.0, 1.0)), &variables));
    follows(&simulated, "people[North West]", |t| 1.5_f64.powf(t));
    follows(&simulated, "people[East]", |t| 70.0 * 1.5_f64.powf(t));
    follows(&simulated, "listed[South]", |_| 5.0);
    follows(&simulated, "all", |_| 73.0);
    follows(&simulated, "share[South]", |_| 2.0 / 73.0);
    follows(&simulated, "coast[East]", |_| 71.0);
    follows(&simulated, "one", |_| 1.0 + 5.0 + 70.0);
    follows(&simulated, "table[East,2]", |_| 490.0);
    follows(&simulated, "rows[South]", |_| 28.0);
    follows(&simulated, "matrix[South,East]", |_| 1.0);
    follows(&simulated, "dynamic", |t| [4.0, 5.0, 6.0, 0.0][t as usize]);
    follows(&simulated, "extremes", |_| 600.0 + 40.0 + 5.0 + 3.0 + 49.0);
    follows(&simulated, "curve[North West]", |t| 2.0 * t.min(2.0));
    follows(&simulated, "curve[East]", |t| t);
}

#[test]
fn modules_and_macros_are_written_out() {
    let xmile = format!(
        "<xmile>{}\n<macro name=\"double\"><parm>x</parm><eqn>2 * x</eqn></macro>
         <macro name=\"Filling Up\"><parm>rate</parm><parm default=\"3\">start</parm><eqn>level + 0</eqn><variables>
           <stock name=\"level\"><eqn>start</eqn><inflow>in</inflow></stock><flow name=\"in\"><eqn>rate</eqn></flow>
         </variables></macro>
         <model><variables>
           <aux name=\"twice\"><eqn>DOUBLE(TIME) + double(double(1))</eqn></aux>
           <aux name=\"a\"><eqn>Filling_Up(2) + FILLING UP(TIME, 0)</eqn></aux>
           <aux name=\"price\"><eqn>5</eqn></aux>
           <module name=\"Farm\"><connect to=\"Farm.cost\" from=\"price\"/></module>
           <aux name=\"profit\"><eqn>Farm.harvest - 1</eqn></aux>
         </variables></model>
         <model name=\"Farm\"><variables>
           <aux name=\"cost\" access=\"input\"><eqn>0</eqn></aux>
           <aux name=\"harvest\" access=\"output\"><eqn>cost * field</eqn></aux>
           <aux name=\"field\"><eqn>4</eqn></aux>
         </variables></model></xmile>",
        specs(0.0, 4.0, 1.0)
    );
    let simulated = run(&xmile);
    follows(&simulated, "twice", |t| 2.0 * t + 4.0);
    follows(&simulated, "a", |t| 3.0 + 2.0 * t + t * (t - 1.0) / 2.0);
    follows(&simulated, "Farm.harvest", |_| 20.0);
    follows(&simulated, "profit", |_| 19.0);
    let endless = xmile.replace("<eqn>2 * x</eqn>", "<eqn>double(x)</eqn>");
    assert!(refusals(&endless).contains("nested too deep"), "{}", refusals(&endless));
}

#[test]
fn names_keep_their_form_and_never_fall_together() {
    let simulated = run(&file(
        &specs(0.0, 1.0, 1.0),
        "<aux name=\"Two\\nlines\"><eqn>1</eqn></aux>
         <aux name=\"a-b\"><eqn>2</eqn></aux>
         <aux name=\"a+b\"><eqn>3</eqn></aux>
         <aux name=\"a b\"><eqn>\"a-b\" + \"a+b\" + TWO_LINES</eqn></aux>
         <aux name=\"stock\"><eqn>A_B * 10</eqn></aux>
         <aux name=\"Größe, &quot;neu&quot;\"><eqn>stock + \"lag\"</eqn></aux>
         <aux name=\"lag\"><eqn>0.5</eqn></aux>
         <aux name=\"weeks\"><eqn>IF \"größe, \\\"neu\\\"\" &gt; 60 AND NOT (weeks_2 &lt;= 3 OR 1 = 2) THEN 1 ELSE 0</eqn></aux>
         <aux name=\"weeks 2\"><eqn>7 {a comment} mod 4 + 2 ^ 3 ^ 0</eqn></aux>
         <aux name=\"truth\"><eqn>weeks &gt; 0</eqn></aux>",
    ));
    for (name, value) in [
        ("Two lines", 1.0),
        ("a-b", 2.0),
        ("a+b", 3.0),
        ("a b", 6.0),
        ("stock", 60.0),
        ("Größe, \"neu\"", 60.5),
        ("weeks 2", 5.0),
        ("weeks", 1.0),
        ("truth", 1.0),
    ] {
        follows(&simulated, name, |_| value);
    }
}

#[test]
fn times_are_those_of_the_file_and_only_those_that_it_saves() {
    let specs = "<sim_specs method=\"RK4\" isee:save_interval=\"0.5\"><start>3</start><stop>5</stop>\
                 <dt reciprocal=\"true\">4</dt></sim_specs>";
    let simulated = run(&file(
        specs,
        "<stock name=\"s\"><eqn>1</eqn><outflow>decay</outflow></stock><flow name=\"decay\"><eqn>s</eqn></flow>",
    ));
    assert_eq!(simulated.times, [3.0, 3.5, 4.0, 4.5, 5.0]);
    // The classical method of fourth order multiplies by its polynomial at each step.
    let step: f64 = 1.0 - 0.25 + 0.25_f64.powi(2) / 2.0 - 0.25_f64.powi(3) / 6.0 + 0.25_f64.powi(4) / 24.0;
    follows(&simulated, "s", |t| step.powf((t - 3.0) / 0.25));
    let saveper = self::specs(0.0, 4.0, 0.5);
    let simulated =
        run(&file(&saveper, "<aux name=\"SAVEPER\"><eqn>2</eqn></aux><aux name=\"x\"><eqn>TIME</eqn></aux>"));
    assert_eq!(simulated.times, [0.0, 2.0, 4.0]);
}

#[test]
fn functions_of_numbers_are_those_of_the_standard() {
    let simulated = run(&file(
        &specs(-3.0, 3.0, 0.25),
        "<aux name=\"whole\"><eqn>INT(TIME * 1.3)</eqn></aux>
         <aux name=\"rest\"><eqn>TIME MOD 2</eqn></aux>
         <aux name=\"safe\"><eqn>SAFEDIV(1, TIME, 9) + 3 // TIME</eqn></aux>
         <aux name=\"tenth\"><eqn>LOG10(1000) + LN(EXP(2))</eqn></aux>
         <aux name=\"waves\"><eqn>SIN(TIME) + 2 * COS(TIME) + TAN(TIME / 3) + PI</eqn></aux>
         <aux name=\"angles\"><eqn>ARCTAN(TIME) + ARCSIN(TIME / 3) + ARCCOS(TIME / 3)</eqn></aux>
         <aux name=\"tails\"><eqn>SINH(TIME) + COSH(TIME) + TANH(TIME)</eqn></aux>
         <aux name=\"many\"><eqn>MAX(1, TIME, 2) + MIN(TIME, 0)</eqn></aux>
         <aux name=\"power\"><eqn>-2 ^ 2 + 2 ^ -1</eqn></aux>",
    ));
    follows(&simulated, "whole", |t| (t * 1.3).floor());
    follows(&simulated, "rest", |t| t.rem_euclid(2.0));
    follows(&simulated, "safe", |t| if t == 0.0 { 9.0 } else { 4.0 / t });
    follows(&simulated, "tenth", |_| 5.0);
    follows(&simulated, "waves", |t| t.sin() + 2.0 * t.cos() + (t / 3.0).tan() + std::f64::consts::PI);
    follows(&simulated, "angles", |t| t.atan() + (t / 3.0).asin() + (t / 3.0).acos());
    follows(&simulated, "tails", |t| t.sinh() + t.cosh() + t.tanh());
    follows(&simulated, "many", |t| t.max(2.0) + t.min(0.0));
    follows(&simulated, "power", |_| -3.5);
}

#[test]
fn groups_and_descriptions_stand_in_the_text() {
    let text = text_of(
        "<xmile><header><name>A \"model\"</name></header><sim_specs><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
         <model><variables>
           <group name=\"The shop\"><doc>What is sold.</doc><entity name=\"stock of goods\"/></group>
           <stock name=\"stock of goods\"><doc>Counted on\nMondays.</doc><eqn>3</eqn><units>boxes</units></stock>
           <aux name=\"other\"><eqn>1</eqn></aux>
         </variables></model></xmile>",
    );
    for part in [
        "model \"A \\\"model\\\"\" {",
        "# The shop\n# What is sold.\n",
        "unit boxes\n",
        "## Counted on\n## Mondays.\nsigned stock stock_of_goods \"stock of goods\": boxes = 3",
        "# Constants and auxiliaries",
    ] {
        assert!(text.contains(part), "`{part}` does not stand in\n{text}");
    }
    assert_eq!(contingent_syntax::format(&text).expect("it reads"), text, "it is laid out");
}

/// A shop that sells what it has: units of the file, with `{price}` of one thing.
fn shop(price: &str) -> String {
    file(
        "<sim_specs time_units=\"Months\"><start>0</start><stop>6</stop><dt>0.5</dt></sim_specs>",
        &format!(
            "<stock name=\"goods\"><eqn>200</eqn><outflow>sales</outflow><units>Widgets</units></stock>
             <flow name=\"sales\"><eqn>goods / selling_time</eqn><units>Widgets/Month</units></flow>
             <aux name=\"selling time\"><eqn>4</eqn><units>Months</units></aux>
             <aux name=\"price\"><eqn>2.5</eqn><units>{price}</units></aux>
             <aux name=\"turnover\"><eqn>sales * price</eqn><units>dollars/Month</units></aux>
             <aux name=\"demand\"><eqn>goods</eqn><gf><xpts>0,100,200</xpts><ypts>1,3,9</ypts></gf>
               <units>people per Month</units></aux>
             <aux name=\"each\"><eqn>sales / demand</eqn><units>widget/people</units></aux>"
        ),
    )
}

#[test]
fn units_that_fit_together_are_declared() {
    let text = text_of(&shop("dollars/widget"));
    for part in [
        "unit dollars, people, widget\n",
        "signed stock goods: widget = 200",
        "aux selling_time \"selling time\": 1 = 4",
        "aux price: dollars/widget = 2.5 * (1 dollars) / (1 widget)",
        "aux turnover: dollars = sales * price",
        "lookup demand_table(x: widget): people =",
        "aux each: widget/people = sales / demand",
    ] {
        assert!(text.contains(part), "`{part}` does not stand in\n{text}");
    }
    assert!(!text.contains("In the file in"), "{text}");
    let simulated = run(&shop("dollars/widget"));
    follows(&simulated, "turnover", |t| 125.0 * 0.875_f64.powf(t / 0.5));
    // Without the units the numbers are the same.
    let without = run(&shop("dollars/widget").replace("<units>", "<doc>").replace("</units>", "</doc>"));
    assert_eq!((simulated.columns, simulated.rows), (without.columns, without.rows));
}

#[test]
fn units_that_do_not_fit_together_stand_in_the_descriptions_and_the_report_says_why() {
    for (price, reason) in
        [("pounds/widget", "sales * price"), ("2 for 1", "cannot be read"), ("dollars/week", "unit of time")]
    {
        let imported = import("own.xmile", &shop(price)).expect("it is imported");
        assert!(imported.text.contains("## In the file in Widgets/Month."), "{}", imported.text);
        assert!(imported.text.contains("signed stock goods: 1 = 200"), "{}", imported.text);
        let notes = imported.report.notes.iter();
        let said: Vec<&str> =
            notes.filter(|note| note.place == "units").map(|note| note.reason.as_str()).collect();
        assert!(said.len() == 1 && said[0].contains(reason), "{price}: {said:?}");
    }
}

#[test]
fn the_method_of_runge_and_kutta_is_carried_over_with_delays_and_tables() {
    // An oscillator: the classical method multiplies the state by its polynomial of i times the step.
    let specs = "<sim_specs method=\"RK4\"><start>0</start><stop>10</stop><dt>0.25</dt></sim_specs>";
    let simulated = run(&file(
        specs,
        "<stock name=\"x\"><eqn>1</eqn><inflow>dx</inflow></stock><flow name=\"dx\"><eqn>y</eqn></flow>
         <stock name=\"y\"><eqn>0</eqn><outflow>dy</outflow></stock><flow name=\"dy\"><eqn>x</eqn></flow>
         <aux name=\"felt\"><eqn>SMTH1(x, 2)</eqn></aux>
         <aux name=\"table\"><eqn>x</eqn><gf><xscale min=\"-2\" max=\"2\"/><ypts>-4,4</ypts></gf></aux>",
    ));
    let h: f64 = 0.25;
    let (real, imaginary) = (1.0 - h * h / 2.0 + h.powi(4) / 24.0, h - h.powi(3) / 6.0);
    let (length, angle) = (real.hypot(imaginary), imaginary.atan2(real));
    let at = |t: f64| length.powf(t / h) * (angle * t / h).cos();
    follows(&simulated, "x", at);
    follows(&simulated, "table", |t| 2.0 * at(t));
    // The smoothing is a stock of its own: at the end near the answer of the equation, x = cos t, s' = (x - s) / 2.
    let exact = |t: f64| (t.cos() + 2.0 * t.sin()) / 5.0 + 0.8 * (-t / 2.0).exp();
    let felt = column(&simulated, "felt");
    for (&time, felt) in simulated.times.iter().zip(felt) {
        assert!((felt - exact(time)).abs() < 2e-4, "felt is {felt} at {time} and not {}", exact(time));
    }
}

#[test]
fn hostile_files_are_refused_with_a_reason_and_leave_nothing() {
    let directory = tempfile::tempdir().expect("there is room for files");
    let at = |name: &str| directory.path().join(name).display().to_string();
    let entities: String = (1..30).map(|n| format!("<!ENTITY e{n} \"&e{};&e{};\">", n - 1, n - 1)).collect();
    let laughs = format!("<!DOCTYPE xmile [<!ENTITY e0 \"ha\">{entities}]><xmile>&e29;</xmile>");
    let deep = format!("{}{}", "<group>".repeat(200_000), "</group>".repeat(200_000));
    let brackets = file(
        &specs(0.0, 1.0, 1.0),
        &format!("<aux name=\"x\"><eqn>{}1{}</eqn></aux>", "(".repeat(100_000), ")".repeat(100_000)),
    );
    for (name, text, reason) in [
        ("laughs.xmile", laughs, "entities"),
        ("deep.xmile", deep, "deep"),
        ("brackets.xmile", brackets, "deep"),
        ("outside.xmile", "<!DOCTYPE x SYSTEM \"file:///etc/hostname\"><xmile/>".to_owned(), "sim_specs"),
    ] {
        std::fs::write(at(name), text).expect("the file is written");
        let (_, said, code) = contingent(&["import", &at(name), "-o", &at("made.ctg")]);
        assert!(code == Some(1) && said.contains(reason), "{name}: {code:?} {said}");
    }
    // A hundred megabytes, of which nothing is read.
    let large = std::fs::File::create(at("large.xmile")).expect("the file is made");
    large.set_len(100 * 1024 * 1024).expect("the file is as long");
    let (_, said, code) = contingent(&["import", &at("large.xmile"), "-o", &at("made.ctg")]);
    assert!(code == Some(1) && said.contains("larger than 32 MiB"), "{code:?} {said}");
    assert!(!Path::new(&at("made.ctg")).exists());
}

#[test]
fn what_has_no_counterpart_is_refused_with_its_reason() {
    let with = |variables: &str| refusals(&file(&specs(0.0, 1.0, 1.0), variables));
    for (variables, reason) in [
        ("<stock name=\"q\"><eqn>0</eqn><queue/></stock>", "q: a queue"),
        ("<stock name=\"o\"><eqn>0</eqn><oven/></stock>", "o: an oven"),
        (
            "<stock name=\"c\"><eqn>0</eqn><outflow>f</outflow><conveyor><len>1</len><capacity>9</capacity></conveyor>\
             </stock><flow name=\"f\"><eqn>0</eqn></flow>",
            "capacity",
        ),
        ("<flow name=\"l\"><eqn>0</eqn><leak/></flow>", "leaks"),
        (
            "<stock name=\"belt\"><eqn>0</eqn><outflow>out</outflow><outflow>lost</outflow>\
             <conveyor><len>1</len></conveyor></stock><flow name=\"out\"><eqn>0</eqn></flow>\
             <flow name=\"lost\"><eqn>0.1</eqn><leak/></flow>",
            "lost: ",
        ),
        ("<aux name=\"x\"><eqn>y + 1</eqn></aux>", "x: there is no variable `y`"),
        (
            "<aux name=\"Food per head\"><eqn>1</eqn></aux><aux name=\"x\"><eqn>food_per_haed</eqn></aux>",
            "there is no variable `food_per_haed`; did you mean `food_per_head`?",
        ),
        ("<aux name=\"x\"><eqn>RANK(1, 2)</eqn></aux>", "no counterpart of `RANK`"),
        (
            "<aux name=\"x\"><eqn>NOSUCH(1)</eqn></aux>",
            "no function or macro `nosuch`: the standard has none",
        ),
        ("<aux name=\"x\"><eqn> ??? </eqn></aux>", "(`???`): write it there, or save the file anew"),
        ("<aux name=\"x\"><eqn>1 + </eqn></aux>", "cannot be read"),
        ("<aux name=\"x\"><eqn>DELAY(1, TIME)</eqn></aux>", "known beforehand"),
        ("<aux name=\"x\"><eqn>1</eqn></aux><aux name=\"X\"><eqn>2</eqn></aux>", "second time"),
        ("<module name=\"m\"/>", "no model for this module"),
        ("<stock name=\"s\"><eqn>1</eqn><inflow>nothing</inflow></stock>", "no flow `nothing`"),
        ("<aux name=\"x\"><eqn>y</eqn></aux><aux name=\"y\"><eqn>x</eqn></aux>", "circle"),
    ] {
        let found = with(variables);
        assert!(found.contains(reason), "`{reason}` is not said of {variables}: {found}");
    }
    for (text, reason) in [
        ("<html/>", "not an XMILE model"),
        ("<xmile/>", "sim_specs"),
        ("not xml", "outside"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><xmile/>", "entities"),
    ] {
        let error = import("own.xmile", text).expect_err("it is refused").to_string();
        assert!(error.contains(reason), "`{reason}` is not said of {text}: {error}");
    }
}

#[test]
fn one_flow_of_several_stocks_moves_each_of_them() {
    let simulated = run(&file(
        &specs(0.0, 4.0, 1.0),
        "<stock name=\"a\"><eqn>10</eqn><outflow>f</outflow></stock>
         <stock name=\"b\"><eqn>2</eqn><outflow>f</outflow><non_negative/></stock>
         <flow name=\"f\"><eqn>1</eqn></flow>",
    ));
    follows(&simulated, "a", |t| 10.0 - t);
    follows(&simulated, "b", |t| (2.0 - t).max(0.0));
    follows(&simulated, "f", |_| 1.0);
}

fn contingent(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_contingent")).args(arguments).output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads and writes files as a user does")]
fn the_command_line_imports_simulates_and_exports() {
    let directory = tempfile::tempdir().expect("there is room for files");
    let at = |name: &str| directory.path().join(name).display().to_string();
    let source = file(
        &specs(0.0, 2.0, 1.0),
        "<stock name=\"Tea Cup\"><eqn>180</eqn><outflow>loss</outflow></stock>
         <flow name=\"loss\"><eqn>(Tea_Cup - 70) / 10</eqn></flow>",
    );
    std::fs::write(at("tea.xmile"), source).expect("the file is written");
    let (_, report, code) = contingent(&["import", &at("tea.xmile"), "-o", &at("tea.ctg")]);
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("written to"), "{report}");
    assert_eq!(contingent(&["check", "--deny-warnings", &at("tea.ctg")]).2, Some(0));
    let (csv, ..) = contingent(&["simulate", &at("tea.ctg"), "--csv", "-"]);
    assert_eq!(csv, "time,Tea Cup,loss\n0,180,11\n1,169,9.9\n2,159.1,8.91\n");
    let (json, _, code) =
        contingent(&["export", "xmile", &at("tea.ctg"), "-o", &at("again.xmile"), "--format", "json"]);
    assert_eq!(code, Some(0), "{json}");
    let document: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(document["schema_version"], 1);
    assert_eq!(contingent(&["import", &at("again.xmile"), "-o", &at("again.ctg")]).2, Some(0));
    assert_eq!(contingent(&["simulate", &at("again.ctg"), "--csv", "-"]).0, csv);
    // What cannot be carried over is said, and nothing is written.
    std::fs::write(at("bad.xmile"), file(&specs(0.0, 1.0, 1.0), "<aux name=\"x\"><eqn>y</eqn></aux>"))
        .expect("the file is written");
    let (json, error, code) =
        contingent(&["import", &at("bad.xmile"), "-o", &at("bad.ctg"), "--format", "json"]);
    assert_eq!(code, Some(1), "{error}");
    assert!(json.contains("\"weight\": \"refused\"") && json.contains("no variable `y`"), "{json}");
    assert!(!Path::new(&at("bad.ctg")).exists());
    assert_eq!(contingent(&["import", &at("missing.xmile"), "-o", "-"]).2, Some(1));
}

/// The models of others: where `CONTINGENT_XMILE_MODELS` says, or beside the working copy.
fn models_of_others() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/xmile-test-models");
    std::env::var_os("CONTINGENT_XMILE_MODELS")
        .map(PathBuf::from)
        .or(Some(beside))
        .filter(|path| path.is_dir())
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests must know that this one did nothing")]
#[expect(clippy::disallowed_methods, reason = "the test reads the page that is committed")]
fn models_of_others_give_their_output() {
    let Some(directory) = models_of_others() else {
        eprintln!(
            "SKIPPED: the models of SDXorg/test-models are not here; say where with CONTINGENT_XMILE_MODELS=DIRECTORY"
        );
        return;
    };
    let results = conformance(&directory).expect("there are models");
    let n_passed = results.iter().filter(|result| matches!(result.state, State::Passed { .. })).count();
    assert!(n_passed >= 49, "only {n_passed} of {} pass:\n{}", results.len(), page(&results));
    let n_compared: usize = results
        .iter()
        .map(|result| if let State::Passed { n_compared, .. } = result.state { n_compared } else { 0 })
        .sum();
    assert!(n_compared > 100_000, "only {n_compared} numbers were compared");
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/xmile.md"));
    assert_eq!(written.ok().as_deref(), Some(page(&results).as_str()), "run `cargo xtask xmile DIRECTORY`");
}
