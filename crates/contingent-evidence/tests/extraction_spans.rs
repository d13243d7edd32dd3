//! Where a claim begins and ends.
//!
//! Enters: texts of a few sentences. Leaves: the words of the drafts. Always holds: each test shows a behaviour in words of its own, not those of
//! a text with gold.

use contingent_evidence::draft::{Confidence, Draft, Kind};
use contingent_evidence::extract::{Mode, Options, extract};
use contingent_evidence::text::NormalText;

fn drafts(text: &str) -> (NormalText, Vec<Draft>) {
    let text = NormalText::new(text.to_owned(), Vec::new());
    let found = extract(&text, &Options { mode: Mode::Prose, ..Options::default() });
    (text, found.drafts)
}

/// The words of each draft, pieces set apart by " / ".
fn words(text: &str) -> Vec<String> {
    let (text, drafts) = drafts(text);
    let piece = |span: &std::ops::Range<usize>| text.as_str()[span.clone()].to_owned();
    drafts.iter().map(|draft| draft.content.iter().map(piece).collect::<Vec<_>>().join(" / ")).collect()
}

#[test]
fn a_main_clause_goes_on_in_sentences_without_a_cue() {
    let text = "The bridge, says Leila Karim, will hold for a month. After that the lorries will take the long way. Nobody has counted them.";
    assert_eq!(
        words(text),
        [
            "The bridge / will hold for a month",
            "After that the lorries will take the long way",
            "Nobody has counted them"
        ],
        "each sentence is a claim"
    );
    let (_, found) = drafts(text);
    assert_eq!((found[0].confidence, found[0].kind), (Confidence::High, Kind::Forecast));
    assert!(found[0].flags.is_empty(), "what the text attributes is in no doubt: {:?}", found[0].flags);
    for (more, kind) in found[1..].iter().zip([Kind::Forecast, Kind::Fact]) {
        assert_eq!((more.confidence, more.kind), (Confidence::Low, kind));
        assert_eq!(more.speaker.as_deref(), Some("Leila Karim"));
        assert_eq!((&more.cue, &more.speaker_span), (&None, &None));
        assert!(more.flags.iter().any(|flag| flag.contains("or the narrator's")), "{:?}", more.flags);
    }
    assert_eq!(
        words("In the view of Leila Karim, the harvest is lost. Seed is dear and the pumps stand still."),
        ["the harvest is lost", "Seed is dear and the pumps stand still"]
    );
}

#[test]
fn what_is_told_in_the_past_goes_on_with_its_tenses_shifted() {
    assert_eq!(
        words("The bridge would hold for a month, Karim said. The lorries would have to take the long way."),
        ["The bridge would hold for a month", "The lorries would have to take the long way"]
    );
    let narrated = "The bridge would hold for a month, Karim said. The pumps are old and stand in water.";
    assert_eq!(words(narrated), ["The bridge would hold for a month"]);
}

#[test]
fn the_narrators_own_words_end_a_statement() {
    for after in [
        "She has a point.",
        "The lorries left before noon.",
        "The mayor is not so sure of it.",
        "Whether it has to is another matter.",
        "That figure is new to the ministry.",
        "The company denies it to this day.",
        "There is also the weather to think of.",
        "In the village below nobody has seen a lorry.",
        "Does it have to last for longer?",
        "Port Amsel is a day away by lorry.",
        "Moriyama agrees.",
        "We counted the lorries from the hill.",
    ] {
        let text = format!("The bridge, says Leila Karim, will hold for a month. {after}");
        assert_eq!(words(&text)[0], "The bridge / will hold for a month", "{after}");
    }
    let several =
        "In the opinion of the insurers, the bridge will hold. They have seen it and want a second one.";
    assert_eq!(words(several), ["the bridge will hold"]);
}

#[test]
fn a_clause_under_its_verb_a_quotation_and_words_of_oneself_end_with_their_sentence() {
    let after = "The lorries have to take the long way.";
    for (text, said) in [
        ("Karim says that the bridge will hold for a month.", "the bridge will hold for a month"),
        ("The bridge, says Karim, is “a gift of the river”.", "The bridge / is “a gift of the river”"),
        ("He has built eleven bridges, Karim says.", "He has built eleven bridges"),
        ("The bridge, Karim told a committee, will hold for a month.", "The bridge / will hold for a month"),
        (
            "The bridge will hold, Karim says; all it needs is paint.",
            "The bridge will hold / all it needs is paint",
        ),
    ] {
        assert_eq!(words(&format!("{text} {after}")), [said]);
    }
}

#[test]
fn a_clause_under_its_verb_goes_on_where_the_sentence_argues() {
    for after in [
        "Nothing else would explain why the lorries take the long way.",
        "If it does not, the lorries will have to take the long way.",
        "The lorries, after all, have taken the long way before.",
    ] {
        assert_eq!(
            words(&format!("Leila Karim argues that the bridge will hold for a month. {after}")),
            ["the bridge will hold for a month", after.trim_end_matches('.')]
        );
    }
    for after in [
        "The lorries do take the long way.",
        "The lorries will take the long way on Sunday.",
        "The council itself would rather have a ferry.",
        "The mayor would rather have a ferry.",
    ] {
        let text = format!("Leila Karim argues that the bridge will hold for a month. {after}");
        assert_eq!(words(&text)[0], "the bridge will hold for a month", "{after}");
    }
}

#[test]
fn a_clause_under_a_verb_of_arguing_goes_on_without_a_further_sign() {
    let after = "Sheep cross it every morning, and no plank has moved.";
    for (verb, goes_on) in [("insists", true), ("says", false), ("insisted", false)] {
        let found = words(&format!("Leila Karim {verb} that the bridge is sound. {after}"));
        assert_eq!(found.len(), if goes_on { 2 } else { 1 }, "{verb}: {found:?}");
    }
    for after in [
        "These date from the flood.",
        "The toll is paid in barley.",
        "The mayor collects it on foot.",
        "The gauge on the mole is broken.",
    ] {
        let text = format!("Leila Karim insists that nobody has to pay the toll. {after}");
        assert_eq!(words(&text), ["nobody has to pay the toll"], "{after}");
    }
}

#[test]
fn a_point_of_view_inside_its_clause_goes_on() {
    for told in ["in Karim's view", "according to Karim"] {
        assert_eq!(
            words(&format!("The bridge, {told}, was never sound. No sheep had crossed it in ten winters.")),
            ["The bridge / was never sound", "No sheep had crossed it in ten winters"]
        );
    }
}

#[test]
fn what_one_person_says_in_the_present_goes_on_in_the_past_where_it_is_tied_to_the_statement() {
    for after in [
        "They paid for the planks twice.",
        "So a ferry was hired for the winter.",
        "Then the mayor died, and his daughter sold the planks.",
    ] {
        assert_eq!(
            words(&format!("The villages, Karim says, have been waiting for a bridge. {after}")),
            ["The villages / have been waiting for a bridge", after.trim_end_matches('.')]
        );
    }
    for after in ["The planks went to the miller by cart.", "Then he went back to his sheep."] {
        let text = format!("The villages, Karim says, have been waiting for a bridge. {after}");
        assert_eq!(words(&text), ["The villages / have been waiting for a bridge"], "{after}");
    }
    let several = "The villages, the insurers say, have been waiting for a bridge. They paid for it twice.";
    assert_eq!(words(several), ["The villages / have been waiting for a bridge"]);
}

#[test]
fn after_a_statement_that_makes_its_point_only_a_condition_goes_on() {
    let text = "The toll, in Karim's view, is “a tax on sheep”.";
    for (after, n) in [
        ("If it were dropped, the mill would open again.", 2),
        ("Give the millers a bridge, and the mill would open again.", 2),
        ("The mill is shut.", 1),
    ] {
        assert_eq!(words(&format!("{text} {after}")).len(), n, "{after}");
    }
}

#[test]
fn nobody_in_particular_is_no_speaker_and_a_noun_is_no_saying() {
    for after in [
        "A farmer who lost his sheep will wait for the ferry.",
        "Whoever holds the mill will want the bridge.",
        "A recount would not help.",
        "On the day itself they will do what the miller does.",
        "Each side can refuse what the other has accepted.",
        "By Easter they will be one village again.",
    ] {
        let text = format!("The bridge, says Leila Karim, will divide the farmers and the miller. {after}");
        assert_eq!(words(&text).last().map(String::as_str), Some(after.trim_end_matches('.')));
    }
}

#[test]
fn a_statement_does_not_go_on_past_another_or_into_the_next_paragraph() {
    assert_eq!(
        words(
            "The bridge, says Karim, will hold. The river is high, says Brandt. The pumps are old and few."
        ),
        ["The bridge / will hold", "The river is high", "The pumps are old and few"]
    );
    assert_eq!(
        words("The bridge, says Karim, will hold for a month.\n\nThe pumps are old and few."),
        ["The bridge / will hold for a month"]
    );
}

#[test]
fn what_goes_on_after_an_attribution_in_the_same_sentence_belongs_to_it() {
    for (text, said) in [
        (
            "The mayor insists that the gates are shut; that the guards are paid; and that nobody has left.",
            "the gates are shut; that the guards are paid; and that nobody has left",
        ),
        ("The gates are opened, says the clerk, within a day.", "The gates are opened / within a day"),
        (
            "The clerk expects the list to be short, and to be read by nobody.",
            "the list to be short, and to be read by nobody",
        ),
        (
            "The market opens at four, according to Karim, and half of the stalls are empty.",
            "The market opens at four / and half of the stalls are empty",
        ),
        (
            "They pay at every gate, says her driver, Tomas Brandt, because nobody else pays the guards.",
            "They pay at every gate / because nobody else pays the guards",
        ),
        (
            "The clerks knew it, Karim insists; they had asked for more stamps.",
            "The clerks knew it / they had asked for more stamps",
        ),
        (
            "Officials concede that the queue runs to the river and asks a day of everybody.",
            "the queue runs to the river and asks a day of everybody",
        ),
        (
            "Karim said that a deal had been offered, though never in writing.",
            "a deal had been offered, though never in writing",
        ),
        (
            "“The clerks,” says Leila Karim, pointing at the gate, “were paid by the guards.”",
            "“The clerks,” / “were paid by the guards.”",
        ),
        (
            "“We paid them all,” its director, Leila Karim, wrote in reply to questions, “and we will pay again.”",
            "“We paid them all,” / “and we will pay again.”",
        ),
        (
            "According to her, the only gate that opens is the one by the river, since the guards are paid there.",
            "the only gate that opens is the one by the river, since the guards are paid there",
        ),
    ] {
        assert_eq!(words(text), [said]);
    }
}

#[test]
fn what_is_told_after_a_statement_is_no_part_of_it() {
    for (text, said) in [
        ("The union claims 900 members, which nobody believes.", "900 members"),
        (
            "The gates, he says, will open by June, and has promised to see to it.",
            "The gates / will open by June",
        ),
        ("She suspects that the gates are watched, and she is not the only one.", "the gates are watched"),
        ("The guild has called for a new gate, which the mayor regards as an insult.", "a new gate"),
        (
            "Karim says that the gates are shut and asks for nothing else.",
            "the gates are shut and asks for nothing else",
        ),
        ("He told reporters that the gates were shut, and then he went home.", "the gates were shut"),
        (
            "Her answer turns it round: the gates, she says, are the guards’ own.",
            "the gates / are the guards’ own",
        ),
        (
            "The gates, maintains the old general, who built them, were a mistake.",
            "The gates / were a mistake",
        ),
        ("To Karim, the gates are a tax.", "the gates are a tax"),
        ("Karim thinks such a gate feasible.", "such a gate feasible"),
        ("Brandt promised to leave, the driver recalls, and then laughed.", "to leave"),
        (
            "“We paid them all,” Karim said. “We will pay again.” She pours tea.",
            "“We paid them all,” / “We will pay again.”",
        ),
    ] {
        assert!(words(text).iter().any(|words| words == said), "{text}: {:?}", words(text));
    }
}

#[test]
fn what_was_asked_and_what_nobody_knows_is_no_claim() {
    for text in [
        "Does she think that the gates will open again?",
        "Asked whether the gates would open again, Karim thought for a moment.",
        "It is a bet that neither side knows it has made.",
        "The two have been arguing for years, in print and on the air.",
        "The driver, a large man known to all as Uncle, keeps a list of gates.",
        "The guards, or what is left of them, say little.",
        "The observers think they know.",
        "Few could have said what the gates were for.",
        "The council was asked to vote without being told what the gates were for.",
        "A man who believes that he is on a list sleeps badly.",
        "The town held by the guards, the same men that control the road, is quiet.",
        "She has seen it happen twice.",
        "There is one thing on which she, Brandt and Last agree.",
        "She counts on her fingers: the harvest, the feast, the snow.",
    ] {
        assert_eq!(
            words(&format!("{text} Karim said that the gates were shut.")),
            ["the gates were shut"],
            "{text}"
        );
    }
}

#[test]
fn a_parenthesis_after_the_subject_and_a_second_noun_in_it_do_not_hide_the_verb() {
    for text in [
        "The mayor, to nobody's surprise, says that the gates were shut.",
        "People close to the mayor insist the gates were shut.",
        "Officials familiar with the lists believe the gates were shut.",
        "A driver who saw the guards go down said the gates were shut.",
        "Diplomats who helped to draft the text concede that the gates were shut.",
        "The clerk told state radio that the gates were shut.",
    ] {
        assert_eq!(words(text), ["the gates were shut"], "{text}");
    }
    assert_eq!(words("The gates, Karim likes to say, were shut."), ["The gates / were shut"]);
    assert_eq!(
        words("Both say that the gates were shut. Both of them say it was late."),
        ["the gates were shut", "it was late"]
    );
    assert_eq!(words("What matters to her is that the gates were shut."), ["the gates were shut"]);
    assert_eq!(
        words("If the guards leave in May, Karim expects the gates to open."),
        ["If the guards leave in May / the gates to open"]
    );
}

#[test]
fn whoever_stands_right_before_who_speaks_and_a_name_may_be_a_verb_too() {
    let speakers = |text: &str| -> Vec<String> {
        drafts(text).1.into_iter().map(|draft| draft.speaker.unwrap_or_default()).collect()
    };
    assert_eq!(
        speakers(
            "The depot, which burned in May, is empty, according to local officials, who said the fire was arson."
        ),
        ["local officials", "local officials"]
    );
    assert_eq!(speakers("Ove Brand runs the depot. Brand said the fire was arson."), ["Ove Brand"]);
    assert_eq!(
        speakers("A resident of Senn, who gave her name only as Mila, said the fire was arson."),
        ["Mila"]
    );
}

#[test]
fn for_him_and_on_his_account_tell_a_view() {
    assert_eq!(
        words(
            "Karim has left the union. For him, the gates are a bribe. The guards, on his account, are a tax."
        ),
        ["the gates are a bribe", "The guards / are a tax"]
    );
    assert_eq!(
        words("For her part, Leila Karim left. She said that the gates were shut."),
        ["the gates were shut"]
    );
}

#[test]
fn the_latter_is_the_other_of_the_pair_that_the_former_is_of() {
    let (_, found) = drafts(
        "Leila Karim and Otto Brandt agree on little. The former suspects that the minister will flee; the latter thinks that he has fled.",
    );
    let speakers: Vec<_> = found.iter().map(|draft| draft.speaker.as_deref()).collect();
    assert_eq!(speakers, [Some("Leila Karim"), Some("Otto Brandt")]);
}

#[test]
fn what_somebody_finds_or_sees_in_a_thing_is_a_judgement() {
    for (text, said) in [
        ("Karim finds the toll shameful.", "the toll shameful"),
        ("Karim finds the toll puzzling.", "the toll puzzling"),
        ("Karim finds it tiresome.", "it tiresome"),
        ("Karim finds the toll neither low nor cruel.", "the toll neither low nor cruel"),
        ("Karim sees nothing strange in the toll.", "nothing strange in the toll"),
        ("Karim sees merit in the toll, but only if it is low.", "merit in the toll, but only if it is low"),
        ("Karim wants the toll dropped by June.", "the toll dropped by June"),
    ] {
        assert_eq!(
            words(&format!("{text} “It pays for the planks,” she said.")),
            [said, "“It pays for the planks,”"]
        );
    }
    let (_, found) =
        drafts("Leila Karim finds the toll shameful. Leila Karim sees nothing strange in the toll.");
    assert!(found.len() == 2 && found.iter().all(|draft| draft.confidence != Confidence::High));
    for text in [
        "Karim found the mill empty.",
        "The court finds the miller guilty.",
        "Karim finds the miller a horse.",
    ] {
        assert_eq!(words(&format!("{text} “It pays for the planks,” she said.")).len(), 1, "{text}");
    }
}

#[test]
fn advice_and_warnings_may_be_told_as_acts() {
    for (text, said) in [
        ("Karim's advice to the mayor is to sell the planks.", "to sell the planks"),
        ("Her proposal is to wait for the thaw.", "to wait for the thaw"),
        ("Karim warns against leaving the gate open.", "leaving the gate open"),
    ] {
        let (text, found) = drafts(text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text.as_str()[found[0].content[0].clone()], said);
        assert_eq!(found[0].kind, Kind::Normative, "{said}");
    }
    // What a way leads to is no advice.
    assert!(words("The way to the mill is to the left of the gate.").is_empty());
}

#[test]
fn a_stance_may_have_its_object_and_an_answer_what_it_answers() {
    for text in [
        "Karim is gloomy about the harvest: the pumps are under water.",
        "Karim is calmer: the pumps are under water.",
        "To this the engineer has a brisk answer: the pumps are under water.",
        "Karim's objection is that the pumps are under water.",
    ] {
        assert_eq!(words(text), ["the pumps are under water"], "{text}");
    }
    assert!(words("The lid is full of holes: the pumps are under water.").is_empty());
}

#[test]
fn a_clause_goes_on_after_its_attribution_with_a_verb_of_any_kind() {
    for (text, pieces) in [
        (
            "Her neighbour, Karim adds, mistakes the flood for a gift.",
            "Her neighbour / mistakes the flood for a gift",
        ),
        (
            "Neither of them, says Leila Karim, looks far enough upstream.",
            "Neither of them / looks far enough upstream",
        ),
        ("The gate, she makes clear, will stay shut.", "The gate / will stay shut"),
    ] {
        assert_eq!(words(text), [pieces]);
    }
}

#[test]
fn what_the_narrator_explains_and_what_stands_against_a_statement_are_set_apart() {
    for (text, said) in [
        (
            "Karim accuses the millers of having sold the planks, and she keeps a list of them.",
            "the millers of having sold the planks",
        ),
        (
            "The gate, he added, was “a door without a house”, by which he seems to have meant the toll.",
            "The gate / was “a door without a house”",
        ),
    ] {
        assert_eq!(words(text), [said]);
    }
    assert_eq!(
        words("Karim is torn: the millers are honest, yet honest people, in her experience, “sell first”."),
        ["the millers are honest", "honest people / “sell first”"]
    );
}

#[test]
fn whoever_calls_to_say_something_says_it() {
    assert_eq!(
        words("Leila Karim said he had called her on Monday to say that the gate was shut."),
        ["he had called her on Monday to say that the gate was shut", "the gate was shut"]
    );
    assert_eq!(
        words("He called the gate “a door” and pledged to hold a vote."),
        ["the gate “a door”", "to hold a vote"]
    );
}

#[test]
fn what_is_done_after_a_quotation_is_not_how_it_was_said() {
    assert_eq!(
        words("“Shut the gate,” Karim said. “And pay the miller.” Then she went off to bed."),
        ["“Shut the gate,” / “And pay the miller.”"]
    );
}

#[test]
fn after_one_persons_that_they_and_it_go_on_past_a_semicolon() {
    for (text, said) in [
        (
            "Karim insists that the guards are tired; they have been up since four.",
            "the guards are tired; they have been up since four",
        ),
        ("The mayor says that the mill is sound; it is only wet.", "the mill is sound; it is only wet"),
        ("The guards say that the mill is sound; they have slept in it.", "the mill is sound"),
        ("The mayor said that the mill would open; it stayed shut.", "the mill would open"),
        ("The mayor says that the mill is sound; he has a key to it.", "the mill is sound"),
    ] {
        assert_eq!(words(text), [said]);
    }
}

#[test]
fn where_something_was_written_may_have_a_clause_of_its_own() {
    assert_eq!(
        words(
            "“The mill is a wreck,” Karim writes in a letter that is read on the quay. “And the millers know it.”"
        ),
        ["“The mill is a wreck,” / “And the millers know it.”"]
    );
}

#[test]
fn what_is_counted_ends_before_what_it_is_compared_with() {
    assert_eq!(
        words(
            "The Mission recorded 12 cases in which planks, nails or tar were stolen, compared with 9 in May."
        ),
        ["12 cases in which planks, nails or tar were stolen"]
    );
}

#[test]
fn a_title_is_neither_said_nor_the_beginning_of_what_is_said() {
    assert_eq!(
        words("In an interview on the radio’s “Morning Rounds,” Leila Karim said the road was open."),
        ["the road was open"]
    );
    assert_eq!(
        words("Viktor Hale, host of “Morning Rounds,” said the minister had lied."),
        ["the minister had lied"]
    );
    assert_eq!(words("“The road is open,” said Hale, host of “Morning Rounds.”"), ["“The road is open,”"]);
    // A quotation is none.
    assert_eq!(words("Of the toll Hale said: “It will ruin the valley.”"), ["“It will ruin the valley.”"]);
}

#[test]
fn an_abbreviation_in_brackets_ends_no_sentence() {
    for party in ["(W-N.K.)", "(Ind.)", "(W-Nor.)"] {
        assert_eq!(
            words(&format!("Aisha Dembo {party} told the council that she would vote against it.")),
            ["she would vote against it"],
            "{party}"
        );
    }
}

#[test]
fn a_clause_before_the_main_clause_ends_at_its_comma() {
    let fronted = [
        (
            "Now that Hale has claimed that the founder was Dembo, the council had some explaining to do.",
            "the founder was Dembo",
        ),
        (
            "After all, while Hale insisted that he never wanted the post, that was how it looked.",
            "he never wanted the post",
        ),
        ("The strike, which officials said killed two, was the third this week.", "killed two"),
    ];
    for (text, said) in fronted {
        assert_eq!(words(text), [said]);
    }
    assert_eq!(
        words("Hale, who says the road is open, wrote that the bridge would hold."),
        ["the road is open", "the bridge would hold"]
    );
}

#[test]
fn what_else_a_speaker_did_and_what_the_narrator_remarks_is_not_said() {
    let told = [
        ("Hale called the levy “a theft” in a letter on Monday.", vec!["the levy “a theft”"]),
        (
            "Hale called Dembo “a thief” and accused her of hiding the books.",
            vec!["Dembo “a thief”", "her of hiding the books"],
        ),
        (
            "Dembo warned that grain would run out, telling reporters that the silos were empty.",
            vec!["grain would run out", "the silos were empty"],
        ),
        (
            "Dembo warned that grain would run out, saying that the silos were empty.",
            vec!["grain would run out", "the silos were empty"],
        ),
        (
            "Hale dismissed the plan as “a dream,” warning that it would fail.",
            vec!["the plan as “a dream,”", "it would fail"],
        ),
        (
            "Hale said it was too early before warning that talks would fail.",
            vec!["it was too early", "talks would fail"],
        ),
        (
            "Hale insisted it was too early for a truce while adding that talks would go on.",
            vec!["it was too early for a truce", "talks would go on"],
        ),
        (
            "The bank said rates would rise twice - a step that no bank has taken in years.",
            vec!["rates would rise twice"],
        ),
        ("Hale said the toll was fair, compared with the old one.", vec!["the toll was fair"]),
        ("He had few friends - “a hard man,” Dembo said - and fewer foes.", vec!["“a hard man,”"]),
        ("Hale told the story of a widow who had lost her farm.", vec![]),
        ("The debate promised to be a long one.", vec![]),
        ("Hale promised to be back by noon.", vec!["to be back by noon"]),
        ("The man accused of buying them will stay in prison.", vec![]),
        ("As the Gazette revealed, the council agreed to the sale.", vec!["the council agreed to the sale"]),
    ];
    for (text, said) in told {
        assert_eq!(words(text), said, "{text}");
    }
    // What belongs to the words stays: two past forms in one clause, a list.
    assert_eq!(
        words("Hale said that the army attacked the port and accused the union of theft.")[0],
        "the army attacked the port and accused the union of theft"
    );
    assert_eq!(
        words("Hale said the toll was unfair and a burden on the poor."),
        ["the toll was unfair and a burden on the poor"]
    );
}

#[test]
fn a_finished_quotation_is_not_told_by_the_sentence_after_it() {
    let text =
        "The council called him “a fool.” She also said, without proof, that “he is paid by the port.”";
    assert_eq!(words(text), ["him “a fool.”", "“he is paid by the port.”"]);
}
