//! Who is taken to speak, and what is taken for said, in short texts that each show one mechanism.
//!
//! Enters: a few sentences. Leaves: the speaker and the words of each draft. Always holds: a text that shows what is no claim shows a claim
//! beside it, so that a test cannot pass because nothing is drafted.

use contingent_evidence::draft::{Confidence, Kind};
use contingent_evidence::extract::{Extraction, Options, extract};
use contingent_evidence::text::NormalText;

fn drafts(text: &str) -> (Extraction, String) {
    (extract(&NormalText::new(text.to_owned(), Vec::new()), &Options::default()), text.to_owned())
}

/// The speaker and the words of every draft, as "Speaker: words ## words".
fn said(text: &str) -> Vec<String> {
    let (found, text) = drafts(text);
    let line = |draft: &contingent_evidence::draft::Draft| {
        let words: Vec<&str> = draft.content.iter().map(|span| &text[span.clone()]).collect();
        format!("{}: {}", draft.speaker.as_deref().unwrap_or("?"), words.join(" ## "))
    };
    found.drafts.iter().map(line).collect()
}

#[test]
fn a_first_name_tells_whom_he_and_she_stand_for() {
    assert_eq!(
        said(
            "Elspeth Corrin, who spent years abroad, and Yannick Moss, who never left, cannot agree. The war will end, he says, when the \
             money does. She thinks that it will go on."
        ),
        ["Yannick Moss: The war will end ## when the money does", "Elspeth Corrin: it will go on"]
    );
}

#[test]
fn pronouns_elsewhere_in_the_text_tell_the_gender_of_an_unknown_name() {
    assert_eq!(
        said(
            "Quorra Venn keeps the register. She has kept it since May.\n\nThe roads are closed.\n\nQuorra Venn met Jens Dahl on Friday. The \
             register is full, she says."
        ),
        ["Quorra Venn: The register is full"]
    );
}

#[test]
fn the_object_of_a_clause_is_not_its_subject() {
    assert_eq!(
        said(
            "Lindiwe Mokoena led the union. When the mine closed, Zael Botha offered her a job. She refused. “I told him to keep it,” she \
             says. Botha tells it differently. The job, he says, was a good one."
        ),
        ["Lindiwe Mokoena: “I told him to keep it,”", "Zael Botha: The job ## was a good one"]
    );
}

#[test]
fn of_two_with_one_surname_whoever_was_spoken_of_last_is_meant() {
    assert_eq!(
        said(
            "Colonel Tomas Reyl left the army. Rafe Reyl is deputy minister of finance. The colonel says he is loyal. The deputy minister said \
             he had been arrested. “I am not my brother,” Reyl said."
        ),
        ["Tomas Reyl: he is loyal", "Rafe Reyl: he had been arrested", "Rafe Reyl: “I am not my brother,”"]
    );
}

#[test]
fn a_description_that_is_named_further_on_stands_for_the_name() {
    assert_eq!(
        said(
            "“The court has no building,” a clerk said. The clerk, Noor Haldane, has worked there since May."
        ),
        ["Noor Haldane: “The court has no building,”"]
    );
    assert_eq!(
        said("An official said the decree would be withdrawn. The official is Lena Prost, who wrote it."),
        ["Lena Prost: the decree would be withdrawn"]
    );
}

#[test]
fn relations_and_pairs_tell_who_is_meant() {
    assert_eq!(
        said(
            "Ruth Vance thinks the court will sit. Her deputy, Anselm Roe, is on leave. Her deputy says the court has no building."
        ),
        ["Ruth Vance: the court will sit", "Anselm Roe: the court has no building"]
    );
    assert_eq!(
        said(
            "Ines Roth and Paul Dent wrote the history of the war. Roth says it was short. Her co-author says that it never ended."
        ),
        ["Ines Roth: it was short", "Paul Dent: it never ended"]
    );
}

#[test]
fn whoever_has_a_student_is_a_teacher() {
    assert_eq!(
        said(
            "Sidonie Aldrich says the roads are closed.\n\nHer former student Kwabena Oster has read the interviews. The roads, he says, are \
             open.\n\nThe teacher is unimpressed. She notes that nobody uses them."
        ),
        [
            "Sidonie Aldrich: the roads are closed",
            "Kwabena Oster: The roads ## are open",
            "Sidonie Aldrich: nobody uses them"
        ]
    );
}

#[test]
fn whose_somebody_is_does_not_name_them() {
    assert_eq!(
        said(
            "Kofi Brand's wife, Lena, says he is tired. The institute's Amadou Rens said that the south was quiet."
        ),
        ["Lena: he is tired", "Amadou Rens: the south was quiet"]
    );
    assert_eq!(
        said(
            "Lorcan Byrne thinks the figures are wrong. The ministry's own statistician says they are right."
        ),
        ["Lorcan Byrne: the figures are wrong", "The ministry's own statistician: they are right"]
    );
}

#[test]
fn whom_somebody_works_for_makes_another_person_of_them() {
    assert_eq!(
        said(
            "Nadia Farouk, a judge, said the council would sit. The lawyer for the families said that this was too late."
        ),
        ["Nadia Farouk: the council would sit", "The lawyer for the families: this was too late"]
    );
}

#[test]
fn a_headline_describes_whoever_is_named_first() {
    let lines = said(
        "The ferryman who counts the dead\n\nMatti Oro has worked on the river since 1990. Clara Dunn, a sociologist, has studied him.\n\n\
         “He keeps a list,” Dunn says. The list is one that the ferryman shows to nobody. He will burn it, he says, when the war is over.",
    );
    assert_eq!(
        lines,
        ["Clara Dunn: “He keeps a list,”", "Matti Oro: He will burn it ## when the war is over"]
    );
}

#[test]
fn a_quotation_belongs_to_whoever_the_sentence_before_it_is_about() {
    assert_eq!(
        said(
            "“We lost the harvest,” said Lena Prost. Her husband nodded. “And the mule, which was worse than the harvest.”"
        ),
        [
            "Lena Prost: “We lost the harvest,”",
            "Her husband: “And the mule, which was worse than the harvest.”"
        ]
    );
    assert_eq!(
        said("“We lost the harvest,” said Lena Prost. She shrugged. “And the mule.”"),
        ["Lena Prost: “We lost the harvest,” ## “And the mule.”"]
    );
}

#[test]
fn a_former_something_is_somebody_named_before() {
    assert_eq!(
        said(
            "Pavel Tash, once an officer of the service, has retired. Elspeth Corrin has not.\n\nThe contract runs out in May. Corrin warns that \
             nobody will renew it. The former spy takes a longer view. “Railways outlive wars,” he says."
        ),
        ["Elspeth Corrin: nobody will renew it", "Pavel Tash: “Railways outlive wars,”"]
    );
}

#[test]
fn a_judgement_without_quoted_words_is_reported() {
    for (text, line) in [
        ("Marek Dunn regards the ceasefire as a trap.", "Marek Dunn: the ceasefire as a trap"),
        ("Sena Obi sees the council as divided.", "Sena Obi: the council as divided"),
        ("Both officers describe the truce as fragile.", "Both officers: the truce as fragile"),
        ("Ilse Brandt dismisses the idea as naive and has left the room.", "Ilse Brandt: the idea as naive"),
        ("Most diplomats consider the truce dead.", "Most diplomats: the truce dead"),
        ("Ilse Brandt calls the treaty a gift to smugglers.", "Ilse Brandt: the treaty a gift to smugglers"),
        ("Ruth Vance sees little chance of a settlement.", "Ruth Vance: little chance of a settlement"),
        ("The truce is regarded by most diplomats as dead.", "most diplomats: The truce ## as dead"),
    ] {
        assert_eq!(said(text), [line], "{text}");
        assert_ne!(drafts(text).0.drafts[0].confidence, Confidence::High, "{text}");
    }
}

#[test]
fn what_a_law_an_act_or_nobody_takes_something_for_is_no_judgement() {
    for text in [
        "He is regarded as the most able of the generals.",
        "The law treats them as foreigners.",
        "The constitution regards them as citizens.",
        "The pass is seen as the key to the valley.",
        "The river serves as a border.",
        "Ilse Brandt saw the men as they left.",
        "Ilse Brandt described the scene as the guns fell silent.",
        "Ilse Brandt saw the hospital as well as the school.",
        "Ilse Brandt called his wife an hour later.",
        "Ilse Brandt called a meeting for Monday.",
        "They call themselves the Home Guard.",
    ] {
        let beside = format!("{text} Marek Dunn said that it rained.");
        assert_eq!(said(&beside), ["Marek Dunn: it rained"], "{text}");
    }
}

#[test]
fn a_stance_before_a_colon_holds_what_follows() {
    for (text, line) in [
        ("Dina Farrow is blunter: the money has been stolen.", "Dina Farrow: the money has been stolen"),
        ("Hugo Stern disagrees: the council is bankrupt.", "Hugo Stern: the council is bankrupt"),
        ("Ruth Vance has another explanation: the judges are afraid.", "Ruth Vance: the judges are afraid"),
        ("Dina Farrow's verdict is harsher still: nobody will pay.", "Dina Farrow: nobody will pay"),
        ("Piet Moor thinks otherwise: the court has no choice.", "Piet Moor: the court has no choice"),
        ("What worries Dina Farrow is that nobody counts the boats.", "Dina Farrow: nobody counts the boats"),
        ("It troubles Marek Dunn that nobody counts the boats.", "Marek Dunn: nobody counts the boats"),
    ] {
        assert_eq!(said(text), [line], "{text}");
    }
    assert_eq!(
        said(
            "The town had one problem: the bridge was down. The rule is simple: whoever pays may pass. Marek Dunn said that it rained."
        ),
        ["Marek Dunn: it rained"]
    );
}

#[test]
fn a_clause_after_say_needs_no_known_verb() {
    assert_eq!(
        said(
            "Officials say 40 people died. Orla Finch says wars cost money. Orla Finch says the same. Orla Finch says a lot."
        ),
        ["Officials: 40 people died", "Orla Finch: wars cost money"]
    );
    assert_eq!(
        said("A lorry pays four times between the port and the capital, says Moussa Keita, who owns three."),
        ["Moussa Keita: A lorry pays four times between the port and the capital"]
    );
}

#[test]
fn what_another_says_ends_what_one_says() {
    assert_eq!(
        said("Dina Farrow says the road is open but Marek Dunn insists it is closed."),
        ["Dina Farrow: the road is open", "Marek Dunn: it is closed"]
    );
}

#[test]
fn a_cause_needs_no_causal_word_and_a_hypothesis_no_if() {
    for (words, kind) in [
        ("The embargo has made honest men poor.", Kind::Causal),
        ("The decree turned a ferry into a customs post.", Kind::Causal),
        ("The accord has already driven prices up.", Kind::Causal),
        ("That is precisely why it survives.", Kind::Causal),
        ("The checkpoints were manned by government forces.", Kind::Fact),
        ("The walkout was no cause for alarm.", Kind::Fact),
        ("An expulsion would push them into the hills.", Kind::Conditional),
        ("Anyone who speaks will lose his bunk.", Kind::Conditional),
        ("The clash is only a matter of time.", Kind::Forecast),
        ("A court that needs to be loved has stopped being a court.", Kind::Fact),
    ] {
        let (found, _) = drafts(&format!("“{words}” said Dina Farrow."));
        assert_eq!(found.drafts.first().map(|draft| draft.kind), Some(kind), "{words}");
    }
}

#[test]
fn a_point_of_view_is_whose_it_is_and_not_of_what() {
    assert_eq!(
        said("Leila Karim has a theory. The river, on her reading of the maps, has moved."),
        ["Leila Karim: The river ## has moved"]
    );
    assert_eq!(
        said("Leila Karim counts the boats. For the economist, the river will decide."),
        ["Leila Karim: the river will decide"]
    );
    assert_eq!(
        said("For the mayor, Leila Karim, the river will decide."),
        ["Leila Karim: the river will decide"]
    );
}

#[test]
fn what_opens_a_sentence_before_a_pronoun_tells_who_the_person_before_is() {
    assert_eq!(
        said(
            "Quorra Venn has read the map. A surveyor at the river school, she drew half of it. Tomas Brandt has not. The surveyor says \
             that he is blind."
        ),
        ["Quorra Venn: he is blind"]
    );
}

#[test]
fn nobody_in_particular_is_meant_by_no_pronoun() {
    assert_eq!(
        said("Tomas Brandt has a boat. A person ought to own a boat. “It is a quiet river,” he said."),
        ["Tomas Brandt: “It is a quiet river,”"]
    );
}

#[test]
fn a_group_is_the_body_that_the_paragraph_names() {
    assert_eq!(
        said(
            "The ferry was held by the Northern River Army on Monday. In a letter the group demanded that the toll be dropped."
        ),
        ["Northern River Army: the toll be dropped"]
    );
    assert_eq!(
        said(
            "The ferry was held by the Northern River Army on Monday. The group has two boats. It demanded that the toll be dropped."
        ),
        ["Northern River Army: the toll be dropped"]
    );
    let public = "The ferry was held by the Ministry of Rivers on Monday. In a letter the group demanded that the toll be dropped.";
    assert_eq!(said(public), ["the group: the toll be dropped"]);
}

#[test]
fn for_his_part_tells_who_a_description_stands_for() {
    assert_eq!(
        said(
            "Tomas Brandt has sold his boat. Leila Karim has kept hers. The river is safe, she says. The historian, for his part, calls the \
             river “a ditch”."
        ),
        ["Leila Karim: The river is safe", "Tomas Brandt: the river “a ditch”"]
    );
}

#[test]
fn a_name_may_begin_with_a_verb_that_is_a_noun_too() {
    assert_eq!(
        said("State Ferries, in a letter, explains that the boat is late."),
        ["State Ferries: the boat is late"]
    );
}

#[test]
fn a_surname_may_end_like_a_calling() {
    assert_eq!(
        said("Amara Sandqvist has a boat.\n\nSandqvist says that the river has moved."),
        ["Amara Sandqvist: the river has moved"]
    );
}
