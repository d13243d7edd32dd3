//! Any text gives a model or a reason, never a panic, and within bounds.

use contingent_xmile::{ImportError, export, import, parse};
use proptest::prelude::*;

fn file(variables: &str) -> String {
    format!(
        "<xmile><sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>\
         <dimensions><dim name=\"D\"><elem name=\"a\"/><elem name=\"b\"/></dim></dimensions>\
         <model><variables>{variables}</variables></model></xmile>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Equations that read, of names that exist.
fn equation() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("x".to_owned()),
        Just("TIME".to_owned()),
        Just("y[a]".to_owned()),
        Just("SUM(y[*])".to_owned()),
        (0_u32..100).prop_map(|n| format!("{}", f64::from(n) / 8.0)),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        prop_oneof![
            (inner.clone(), "[-+*/^]|//| MOD |<|>=|=|<>| AND | OR ", inner.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("NOT {a}")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("(IF {a} THEN {b} ELSE {c})")),
            (
                "STEP|PULSE|RAMP|SMTH1|DELAY1|TREND|PREVIOUS|MIN|UNIFORM|NORMAL|LOGNORMAL",
                inner.clone(),
                inner.clone()
            )
                .prop_map(|(name, a, b)| format!("{name}({a}, {b})")),
            ("ABS|EXP|INT|SIN|INIT|TANH|LN|ROUND", inner).prop_map(|(name, a)| format!("{name}({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,300}") {
        let _ = import("any", &text);
        let _ = import("any", &file(&text));
        let _ = parse(&text);
    }

    #[test]
    fn any_equation_is_read_or_refused(text in "[-+*/^()\\[\\]<>=,;{}\"a-d0-9.: ]{0,60}") {
        let _ = import("any", &file(&format!("<aux name=\"x\"><eqn>{}</eqn></aux>", escaped(&text))));
    }

    #[test]
    fn equations_that_read_make_models_that_check_or_say_why(text in equation()) {
        let variables = format!(
            "<aux name=\"x\"><eqn>2</eqn></aux>\
             <aux name=\"y\"><dimensions><dim name=\"D\"/></dimensions><eqn>1, 3</eqn></aux>\
             <aux name=\"z\"><eqn>{}</eqn></aux>",
            escaped(&text)
        );
        match import("any", &file(&variables)) {
            Ok(imported) => {
                let loaded = contingent_model::load("any", imported.text, &mut |_| Err(String::new()));
                let model = contingent_model::check(loaded).model.expect("what is imported passes the checker");
                let exported = export(&model).expect("what was imported can be written");
                let again = import("again", &exported.text);
                prop_assert!(again.is_ok(), "{text}: {:?}", again);
            }
            Err(ImportError::Unreadable(error)) => prop_assert!(false, "{text}: {error}"),
            Err(_) => {}
        }
    }
}

#[test]
fn deep_and_long_texts_are_refused_in_bounded_time() {
    let with = |equation: &str| import("any", &file(&format!("<aux name=\"x\"><eqn>{equation}</eqn></aux>")));
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
    for equation in [
        deep("(", ")"),
        deep("-", ""),
        deep("NOT ", ""),
        deep("ABS(", ")"),
        deep("2^", ""),
        format!("1{}", "+1".repeat(5_000)),
    ] {
        let error = with(&equation).expect_err("it is too deep or too long").to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }
    // A value that is named twice by each function in a row would double the text every time.
    let doubling = (0..60).fold("TIME".to_owned(), |inner, _| format!("SAFEDIV(1, {inner})"));
    let error = with(&doubling).expect_err("it grows").to_string();
    assert!(error.contains("too long"), "{error}");
}

#[test]
fn macros_that_multiply_are_refused_in_bounded_time() {
    let macros: String = (0..40)
        .map(|i| format!("<macro name=\"m{}\"><parm>x</parm><eqn>m{i}(x) + m{i}(x)</eqn></macro>", i + 1))
        .collect();
    let with = |macros: &str, equation: &str| {
        let whole = file(&format!("<aux name=\"x\"><eqn>{equation}</eqn></aux>"));
        import("any", &whole.replace("<model>", &format!("{macros}<model>")))
    };
    assert!(with(&macros, "m18(1)").is_err());
    let twice = "<macro name=\"twice\"><parm>x</parm><eqn>x + x</eqn></macro>";
    let nested = format!("{}1{}", "twice(".repeat(60), ")".repeat(60));
    let error = with(twice, &nested).expect_err("it grows").to_string();
    assert!(error.contains("too long"), "{error}");
}
