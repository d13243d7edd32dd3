//! First names that only women, or only men, commonly bear.
//!
//! Enters: a first name in lower case. Leaves: the gender of whoever bears it, where that is all but certain.
//! Always holds: names that both bear are in neither list; what the text itself says of a person outweighs the lists.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Gender;

/// The gender of whoever bears a first name.
pub(super) fn gender_of_first_name(name: &str) -> Option<Gender> {
    static TABLE: OnceLock<HashMap<&'static str, Gender>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let female = FEMALE.split_ascii_whitespace().map(|name| (name, Gender::Female));
        let male = MALE.split_ascii_whitespace().map(|name| (name, Gender::Male));
        female.chain(male).collect()
    });
    // "Anne-Marie", "Jean-Luc": the first part tells.
    table.get(name).or_else(|| table.get(name.split('-').next()?)).copied()
}

const FEMALE: &str = "abigail ada adela adelaide adele adelheid adriana agata agatha aggie agnes agneta aicha aida aileen aina aino aisling aissatou alba \
    alejandra aleksandra alessandra alexandra alicia alina alison allison alma althea alwen amalia amanda amara amelia aminata amy anastasia \
    andreea anette angela angelica angelika anika anita anja anke annabel anne anneke annelies annelise annemarie annette annika antonia \
    anya aoife april araceli ariadne ariane arlene asha ashwini astou audrey augusta aurelia aurora ayesha azadeh barbro beata beate \
    beatrice beatrix becky belinda bella benedetta berit bernadette bertha bessie bettina betty bianca birgitta birte blanca blessing bogna \
    bonnie bozena brenda bridget brigid brigitte brita britta bronwen brunhilde camila camilla candace cara carina carla carlotta carmela \
    carol carolina caroline carrie catalina catarina caterina catherine cathy catriona cecile cecilia celeste celia celine chantal charity \
    charlotte chiamaka chiara chloe christa christiane christina christine cindy clara clarice clarissa claudette claudia clemency \
    clementine cleo colette colleen concepcion concetta consuelo cora cordelia corinna corinne cornelia cristina cynthia dagmar dagny daisy \
    dalia danica daniela danielle danuta daphne deborah debra deirdre delia delphine denise despina diana diane dolores dominika donna dora \
    doreen doris dorota dorothea dorothy dorte dragana dunja edel edith edna eduarda edwina eileen eirene elaine eleanor elena eleni \
    eleonora elfriede eliane elina elinor elisa elisabeth elise eliza elke ella ellen eloise elsbeth elspeth elvira emanuela emilia emilie \
    emily emmanuelle enid erica erika erna ernestine esmeralda esperanza estelle esther ethel etsuko eugenia eugenie eulalia eunice eva \
    evangeline eve eveline evelyn evelyne fadila faiza fanny fatou fatoumata faustina fay federica felicia felicity fernanda filippa fiona \
    flavia fleur flora florence frances franziska frauke freda frederica frieda fumiko gabriela gabriella gabrielle gail gemma genevieve \
    georgia georgina geraldine gerda gertrud gertrude gillian gina ginevra gisela giselle gita gladys glenda gloria greer gretchen gretel \
    grethe gro guadalupe gudrun guendalina gulnara gunilla gwen gwendolyn hadiza hajar halima halina hanna hanne hannelore harriet hatice \
    hatidza hazel heather hedda hedwig heidi heike helena helene helga hella helle henrietta henriette hermione hilary hilda hildegard hodan \
    honor honorine hortense hyacinth ida ilaria ilka ilona ilse imelda imogen ina india ines inga inge ingeborg ingrid ioana irene iris irma \
    isabella isabelle isadora isla isolde ivana iveta ivy iwona izabela jacinta jacqueline jadwiga jana janet janice janina janine jarmila \
    jasmine jeanette jeanne jelena jenna jennie jenny jill jitka joan joana joanne jocelyn johanna jolanta josefa josefina josephine joyce \
    juana juanita judith judy julia juliana juliane julie juliet juliette justina justyna jutta kaarina kadiatou kamila karin karina karla \
    karolina katarina kate katerina katharina katherine kathleen kathryn kathy katja katrin kerstin khadija khadijatou kirsten kirsty klara \
    kristen kristin kristina krystyna ksenia kumiko laila larissa latifa laure lauren laurentia lavinia lea leah leena leni lenka leocadia \
    leonie leonor leonora letitia lidia lieselotte lila lilian liliana lilias lilith lillian lily linnea lisa lisbeth lise liv livia ljubica \
    lola lorena loretta lorna lorraine lotta lotte louisa louise lourdes lubna lucia luciana lucie lucinda lucrezia lucy luisa luise lydia \
    mabel madalena madeleine magali magda magdalena maggie maiken maja malala malgorzata malika malin mandy manuela marcela marcella \
    margaret margareta margarete margarethe margarita margaux margit margot margrethe marguerite mariana marianne maribel marie mariella \
    marietta marija marika marilyn marina marion marisa marisol marit marjorie marlene marta martha martina maryna masha mathilda mathilde \
    matilda maud maura maureen mavis maxine megan meike melanie melinda melissa mercedes mercy meret meryem mette mia michelle miep mila \
    mildred milena milica millicent minerva minna mira mireille mirela miriam mirjam moira mojca molly monica monique morag muriel myra \
    myrtle nadezhda nadine nadja nafisa naima nancy nanette naomi narges natacha natalie natasha nathalie neema nelly nerys nessa nevena \
    ngaio niamh nicole nicoletta nkechi noelle noemi nomsa norma nuala nuria nyambura octavia odette odile oksana olena olive olivia oluchi \
    ophelia orla ottilie ottoline paloma pamela paola patience patricia patrizia paula paulette paulina pauline pearl peggy penelope penny \
    perpetua petra petronella philippa philomena phoebe phyllis pia polina polly portia precious priscilla prudence rachida radka raffaella \
    ragnhild ramona raquel rebeca regina regine renata renate rhiannon rhoda rita roberta romana romy ronja rosa rosalia rosalind rosalyn \
    rosamund rosario rose rosemary roswitha rowena roxana rukmini ruta sabina sabine sabrina sadie sadiya safiya sally salome samantha \
    sandra saoirse saskia satu selina selma senait seraphina shanti sharon sheila shelley shirley sibongile sibyl sigrid silke silvana \
    silvia simona sinead siobhan sofia sofie solange solveig sonja soraya stacey stefania stefanie stella stephanie sue sumaya susana \
    susanna susanne suzanne sybil sylvia sylvie tabitha tamsin tania tanja tanya tara tatjana tekla thea thelma theodora theresa therese \
    thomasina thora tilda tilde tina tove tracy trine trudy tuulikki ulrike una ursula uta ute valentina valerie vanessa vasilisa venetia \
    verena verity veronica veronika veronique vesna vibeke victoria vigdis viktoria vilma viola violet violeta virginia virve viveka vivian \
    vivienne walburga wanda wangari wendy wilhelmina wilma wiltrud winifred winona xenia ximena yelena yesim yevgenia yoko yolanda yvette \
    yvonne zaira zara zdenka zehra zelda zenobia zita zoe zofia zora zorica zsuzsanna zuleikha zuzana";

const MALE: &str = "aaron abdi abdou abdullahi abel abraham achim adalbert adam adel adnan adolfo adrian agustin ahmadou aidan aime ajay alain alan albert \
    alberto aldo alec aleksandar aleksander aleksei alessandro alessio alexander alexandre alfonso alfred alfredo alistair allan allen alois \
    alonso aloysius alphonse alvaro amadou amaury ambrose amir amjad anatole anatoly anders andre andreas andrej andres angelo angus anil \
    anselm ansgar antoine antonin anwar archibald ari armand armando arnaud arne arnold arthur artur arturo asif axel aziz babacar baptiste \
    bartholomew bartolomeo bartosz basil bastien batu ben benedict benedikt bengt benito benjamin benoit bernard bernardo bernd bert bertil \
    bertram bertrand bjarne bjorn björn blaise bo bob bogdan bohumil boniface borislav borut boubacar brad bram brandon branislav branko \
    brendan bruce bruno burak caleb callum calvin carl carlo casimir caspar cecil cedric celestin cesar chad cheikh chidi chinua christian \
    christoph christophe ciaran clarence claude claudio claus clemens clement cliff clifford clive colin colm conor conrad constantin \
    constantine cornelius cosmin craig curtis cuthbert cyprian cyril cyrus damian damien daniele danilo dario darius darko darren dave \
    davide davit davor declan dele demetrius denis dennis derek desmond detlef dick didier diego dieter dietrich dimitar dimitri dimitris \
    dinesh dirk domingo dominic dominik donald donovan doug douglas dragan drago dragomir duarte dumisani duncan dusan dustin dwight eamon \
    eamonn earl ebrima eddie edgar edmond edmund eduard eduardo edvard edwin efraim egil egon eino elias elijah eliot emanuel emeric emil \
    emile emilio emmanuel endre enoch enrico enrique enzo erasmus erich ernest ernesto ernst ervin erwin esteban etienne eugen eugene \
    eugenio evan evander everett ezekiel fabian fabien fabio fabrice fadel faraj felipe felix ferdinand fergus fernando filip filippo finn \
    flavio florian floyd francesco francis francisco franco francois frank frantisek franz fred frederic frederick frederik fredrik \
    friedrich fritz fyodor gabor gabriel galen gareth gary gaspar gaston gavin gavrilo gennady geoffrey georg georges georgi georgios gerald \
    gerard gerardo gerhard gernot gerrit gert giacomo gianni gideon gilbert gilberto giles gilles gino giorgio giuseppe glen godfrey godwin \
    gonzalo gordon gottfried graham greg gregor gregory grigory guido guillaume guillermo gunnar gunther gustaf gustav gustavo guus guy \
    günther hakan hamish hamza hanif hannes harald harold harry hartmut hasan hector heikki heiner heinrich heinz hektor helmut henk henri \
    henrik herbert heribert herman hermann hernan herve hilaire hisham holger horace horst howard hubert hugh hugo humberto hussain ian \
    idris ignacio ignatius igor ilja imran ingmar ioan isaac ishmael isidore ismail ivo jaakko jaap jabari jacek jack jacob jacques jaime \
    jakob jamal janez janos jari jaroslav jason jasper javier jay jeff jeffrey jens jeremiah jeremy jeroen jerome jerry jerzy jesper jesus \
    jim joachim joao joaquim joaquin joe joel johan johann johannes johnny jon jonah jonas jonathan joost jordi jorg jorge joris joshua \
    josip jozef julian julien julio julius jurgen jussi justin jörg kamal kamel karel karl karol karsten kaspar kassim keith kemal ken \
    kenneth kenya kester khaled kieran kiril klaas klaus klemens knud knut konrad konstantin kossi krishna kristof krzysztof kurt kyrylo \
    ladislav lamin lamine lance larry lars lasse laszlo laurent laurenz lawrence lazaro leif leo leon leonard leonardo leonid leopold leroy \
    leszek levan levi lewis lionel ljubomir lloyd lorenz lorenzo lothar lou louis luc lucas luciano lucien ludvig ludwig luigi lukas lukasz \
    luther lutz lászló lázaro magnus maksim malcolm malik mamadou manfred manuel marc marcel marcelo marcin marcos marcus marek mariano \
    marius marko markus marlon marshall martijn mateo mateusz mathias mathieu mats matteo matthias matti maurice mauricio mauritz max maxim \
    maximilian maxwell mbaye melvin mercer michal michel miguel mihai mihail mika mikael mike mikko miklos milorad milos miloš milton \
    miodrag mirko miro miroslav mitchell mladen mohamed mohamud mordechai moritz morten moses moshe moustapha murray mykola naeem nathan \
    nathaniel navid neil nelson nicholas nick nicolas nicolaus niels nigel nikita niklas nikola nikolaus nikos nils nnamdi noah noel norbert \
    norman obadiah octavian odd odysseas olaf olav ole oleksandr olivier ollie olof olov ondrej orhan oscar osei oskar osman osvaldo oswald \
    otis otmar otto ousmane owen pablo paddy paolo pascal patricio patrik paulo pavao pavle pedro pekka per perceval percy petar pete petros \
    petru phil philip philipp philippe phineas pier pierce piero pierre piers piet pieter pietro pim placid predrag quentin quincy rade \
    radek radomir radoslav rafael rafe rainer rajesh rajiv ralf ralph ramiro ramon randall randolph raoul raphael rasmus raul raymond \
    reginald reinhard reinhold remy renato rene reuben rex rhys ricardo riccardo richmond rick ricky rob roberto rodney rodolfo rodrigo \
    roger roland rolf roman romeo ron ronald rory ross roy ruben rubén rudolf rufus rui rupert russell rustam ryan sabri sadiq salim salman \
    salvador salvatore sampson samson sandro sanjay santiago scott seamus sean sebastian sebastiao selim seraphim serge sergey sergio seth \
    seydou shaun sibusiso sidney siegfried sigmund sigurd silas silvan silvester silvio simeon slavko slobodan spencer stan stanislav \
    stanislaw stanley stefano steffen stepan stephan stevan steve stewart stig stjepan stuart sune svein sverre sylvain sylvester tadeusz \
    taha takashi tamas tapio tarek taro ted teodor terence terry thabo thaddeus theo theodore theophile thibault thierry thilo thor thorsten \
    tiago tibor tim timo timothy tito tobias toby todd tom tomasz tomislav tommaso tommy tony torbjorn tord torsten toshio trevor tristan \
    troels tyrone udo ulf uli ulrich umberto urban urs uwe vaclav valentin valentino valeri vasco vasil vasile vasily vernon viacheslav \
    vicente vidar vincent vincenzo vinko virgil vito vittorio vladislav vlado vojtech volker volodymyr vuk václav wade wallace walter warren \
    wayne wenceslas werner wieslaw wilbur wilfred wilfried wilhelm willem willi willy wim winston wojciech wolf wolfgang woody xavier \
    yannick yannis yaw yehuda yevgeny yiannis yonis yoshio yuri yves zachariah zachary zakaria zbigniew zdenek zdravko zeljko zoltan zoran \
    zygmunt étienne";
