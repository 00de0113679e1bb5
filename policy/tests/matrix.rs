//! The rules of the matrix: each is broken once, and the mistake is named.

#[path = "../build/matrix.rs"]
#[allow(dead_code)]
mod matrix;

#[path = "../build/assessments.rs"]
#[allow(dead_code)]
mod assessments;

use assessments::Assessments;
use matrix::Matrix;

const SOUND: &str = r#"
[[retention]]
id = "short"
zh = "短"
en = "short"
starts = "recorded"
months = 6
source = "CSL"
source_zh = "网络安全法"
[[field]]
id = "phone"
zh = "手机号"
en = "phone"
class = "ordinary"
retention = "short"
[[purpose]]
id = "account"
kind = "basic"
clause = "2.3"
zh = "账号"
en = "account"
assessment_required = false
[[recipient]]
id = "subject"
relation = "self"
zh = "本人"
en = "you"
[[row]]
field = "phone"
purpose = "account"
basis = "contract"
recipient = "subject"
source = "PIPL"
"#;

fn mistakes_after(old: &str, new: &str) -> Vec<String> {
    let changed = SOUND.replacen(old, new, 1);
    assert_ne!(changed, SOUND, "the sample holds {old:?}");
    Matrix::parse(&changed).err().unwrap_or_default()
}

#[track_caller]
fn refused(old: &str, new: &str, word: &str) {
    let mistakes = mistakes_after(old, new);
    assert!(mistakes.iter().any(|mistake| mistake.contains(word)), "{mistakes:?} should speak of {word:?}");
}

#[test]
fn a_sound_matrix_is_accepted() {
    assert_eq!(Matrix::parse(SOUND).err(), None);
}

#[test]
fn unknown_ids_are_named_with_the_known_ones() {
    refused("field = \"phone\"", "field = \"fone\"", "field `fone` is not declared; known are phone");
    refused("purpose = \"account\"", "purpose = \"acount\"", "purpose `acount` is not declared");
    refused("recipient = \"subject\"", "recipient = \"world\"", "recipient `world` is not declared");
    refused("retention = \"short\"", "retention = \"ever\"", "retention `ever` is not declared");
    refused("basis = \"contract\"", "basis = \"legitimate-interest\"", "none of PIPL 13(1)");
    refused("months = 6", "months = 6\nweeks = 1", "weeks");
}

#[test]
fn duplicates_are_refused() {
    let row = &SOUND[SOUND.find("[[row]]").expect("there is a row")..];
    refused("[[row]]", &format!("{row}[[row]]"), "stands twice");
    let recipient = &SOUND
        [SOUND.find("[[recipient]]").expect("there is a recipient")..SOUND.find("[[row]]").expect("there is a row")];
    refused("[[row]]", &format!("{recipient}[[row]]"), "recipient `subject` is declared twice");
}

#[test]
fn a_basic_function_cannot_rest_on_consent_and_an_additional_one_rests_on_nothing_else() {
    refused("basis = \"contract\"", "basis = \"consent\"", "a basic function cannot rest on consent");
    refused("kind = \"basic\"", "kind = \"additional\"", "rests on consent only");
}

#[test]
fn a_consent_has_an_end_and_what_rests_on_none_has_not() {
    let additional = |more: &str| {
        let changed = SOUND.replacen("kind = \"basic\"", &format!("kind = \"additional\"\n{more}"), 1);
        Matrix::parse(&changed.replacen("basis = \"contract\"", "basis = \"consent\"", 1)).err().unwrap_or_default()
    };
    assert_eq!(additional("consent_months = 12\ncompany_authorises = true"), Vec::<String>::new());
    assert!(additional("")[0].contains("how long a consent holds"));
    assert!(additional("consent_months = 0")[0].contains("one month at least"));
    refused("kind = \"basic\"", "kind = \"basic\"\nconsent_months = 3", "rests on no consent");
    refused("kind = \"basic\"", "kind = \"basic\"\ncompany_authorises = true", "for additional ones");
    refused("starts = \"recorded\"", "starts = \"consent-end\"", "rests on consent only");
    let owed = SOUND.replacen("starts = \"recorded\"", "starts = \"consent-end\"", 1);
    let owed = owed.replacen("basis = \"contract\"", "basis = \"legal-duty\"", 1);
    assert_eq!(Matrix::parse(&owed).err(), None, "what is kept is shown to its person");
    let given = owed.replace("\"subject\"", "\"company\"");
    assert!(Matrix::parse(&given).err().unwrap()[0].contains("rests on consent only"));
}

#[test]
fn what_pipl_55_marks_requires_an_assessment_and_nothing_else_does() {
    refused("class = \"ordinary\"", "class = \"sensitive\"", "is marked sensitive: PIPL 55");
    refused("relation = \"self\"", "relation = \"entrusted\"", "is marked entrusted: PIPL 55");
    refused("relation = \"self\"", "relation = \"public\"", "is marked published: PIPL 55");
    refused("relation = \"self\"", "", "recipient `subject`: say its `relation`");
    refused("clause = \"2.3\"", "clause = \"2.3\"\nmarks = [\"automated\"]", "is marked automated: PIPL 55");
    refused("clause = \"2.3\"", "clause = \"2.3\"\nmarks = [\"entrusted\"]", "it may declare automated, influence");
    refused("assessment_required = false", "assessment_required = true", "no mark that requires");
    let marked = SOUND
        .replace("relation = \"self\"", "relation = \"entrusted\"")
        .replace("_required = false", "_required = true");
    assert_eq!(Matrix::parse(&marked).err(), None, "whether it is recorded is asked at start");
}

#[test]
fn an_assessment_says_what_pipl_56_asks_for() {
    let matrix = Matrix::parse(SOUND).unwrap();
    let entry = |purpose: &str, mark: &str, date: &str, risks: &str| {
        format!(
            "[[assessment]]\npurpose = \"{purpose}\"\nmark = \"{mark}\"\ndate = \"{date}\"\nby_zh = \"甲\"\nby_en = \"A\"\n\
             necessity_zh = \"一\"\nnecessity_en = \"one\"\nrisks_zh = \"{risks}\"\nrisks_en = \"two\"\n\
             measures_zh = \"三\"\nmeasures_en = \"three\"\n"
        )
    };
    let mistake = |source: &str| Assessments::parse(source, &matrix).err().unwrap_or_default().join("; ");
    let sound = entry("account", "entrusted", "2026-11-20", "二");
    assert_eq!(mistake(&sound), "");
    assert!(mistake(&entry("acount", "entrusted", "2026-11-20", "二")).contains("`acount` is not declared"));
    assert!(mistake(&entry("account", "secret", "2026-11-20", "二")).contains("mark `secret` is none of sensitive"));
    assert!(mistake(&entry("account", "entrusted", "November", "二")).contains("`November` is no date"));
    assert!(mistake(&entry("account", "entrusted", "2026-13-20", "二")).contains("is no date"));
    assert!(mistake(&entry("account", "entrusted", "2026-11-20", " ")).contains("may not be empty"));
    assert!(mistake(&format!("{sound}{sound}")).contains("stands twice; one of them is `replaced`"));
    let replaced = sound.replace("by_zh", "replaced = \"2027-01-01\"\nby_zh");
    assert_eq!(mistake(&format!("{replaced}{sound}")), "", "what is replaced stays");
}

#[test]
fn what_no_row_uses_may_not_be_declared() {
    refused(
        "[[row]]",
        "[[recipient]]\nid = \"nobody\"\nzh = \"无\"\nen = \"none\"\n[[row]]",
        "recipient `nobody` stands in no row",
    );
}

#[test]
fn words_and_sources_may_not_be_empty() {
    refused("source = \"PIPL\"", "source = \"\"", "its source is empty");
    refused("zh = \"本人\"", "zh = \" \"", "`subject`: words");
    refused("id = \"subject\"", "id = \"Subject\"", "an id is lower-case");
}

#[test]
fn an_exception_rests_on_its_case_and_nothing_else_does() {
    refused("basis = \"contract\"", "basis = \"case\"", "an exception rests on `case`, and nothing else does");
    refused("kind = \"basic\"", "kind = \"exception\"", "an exception rests on `case`, and nothing else does");
    let exception = SOUND.replace("kind = \"basic\"", "kind = \"exception\"").replace("\"contract\"", "\"case\"");
    assert_eq!(Matrix::parse(&exception).err(), None);
}
