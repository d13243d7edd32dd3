//! Experiments: what overrides what, and which settings are refused.

use contingent_engine::Recording;
use contingent_ensemble::{Error, Experiment, Settings};

use crate::support::{CHANNEL, EFFORT, GROWTH, POSTURE, strike};

#[test]
fn a_setting_overrides_the_view_and_the_view_the_default() {
    let model = strike();
    let chosen = |experiment: &Experiment| {
        experiment.configuration(&model, Recording::Nothing).unwrap().mechanisms[&CHANNEL]
    };
    let mut experiment = Experiment::default();
    assert_eq!(chosen(&experiment), 0);
    experiment.view = Some(0);
    assert_eq!(chosen(&experiment), 1);
    experiment.settings.mechanisms.insert(CHANNEL, 0);
    assert_eq!(chosen(&experiment), 0);
}

#[test]
fn levers_and_policy_reach_the_engine() {
    let model = strike();
    let mut experiment = Experiment { policy: Some(0), ..Experiment::default() };
    experiment.settings.levers.insert(EFFORT, 0.25);
    let configuration = experiment.configuration(&model, Recording::Indicators).unwrap();
    assert_eq!(configuration.levers[&EFFORT], 0.25);
    assert_eq!(configuration.policy, Some(0));
    assert_eq!(configuration.recording, Recording::Indicators);
}

#[test]
fn every_view_meets_every_policy() {
    let model = strike();
    let experiments = Experiment::every(&model, &Settings::default());
    let names: Vec<_> =
        experiments.iter().map(|one| (one.view_name(&model), one.policy_name(&model))).collect();
    assert_eq!(names, [("base", "none"), ("base", "calm"), ("pessimists", "none"), ("pessimists", "calm")]);
}

#[test]
fn what_does_not_fit_the_model_is_refused() {
    let model = strike();
    let refusal = |change: &dyn Fn(&mut Experiment)| {
        let mut experiment = Experiment::default();
        change(&mut experiment);
        let error = experiment.configuration(&model, Recording::Nothing).unwrap_err();
        assert!(!error.to_string().is_empty());
        error
    };
    assert!(matches!(refusal(&|e| e.view = Some(1)), Error::UnknownView { position: 1, n_views: 1 }));
    assert!(matches!(refusal(&|e| e.policy = Some(3)), Error::UnknownPolicy { position: 3, n_policies: 1 }));
    let set = |id, value| move |e: &mut Experiment| _ = e.settings.assumptions.insert(id, value);
    assert!(matches!(refusal(&set(EFFORT, 0.0)), Error::SettingOfAnotherKind { .. }));
    assert!(matches!(refusal(&set(GROWTH, f64::NAN)), Error::SettingNotFinite { .. }));
    assert!(matches!(refusal(&set(POSTURE, 2.0)), Error::SettingNotAnAlternative { .. }));
    assert!(matches!(refusal(&set(POSTURE, 0.5)), Error::SettingNotAnAlternative { .. }));
    let lever = |id, value| move |e: &mut Experiment| _ = e.settings.levers.insert(id, value);
    assert!(matches!(refusal(&lever(EFFORT, 1.5)), Error::SettingOutOfRange { .. }));
    assert!(matches!(refusal(&lever(GROWTH, 0.5)), Error::SettingOfAnotherKind { .. }));
    let mechanism = |e: &mut Experiment| _ = e.settings.mechanisms.insert(CHANNEL, 2);
    assert!(matches!(refusal(&mechanism), Error::SettingNotAnAlternative { .. }));
}
