//! Sums of money in the words of a notice: "86.9万元", "211,792.45元", "不含税 10-20 万元".

use crate::text::narrow;

/// A sum that somebody means to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Hundredths of the currency (分), exact; what is smaller than one is rounded half up.
    pub minor: i64,
    /// ISO 4217.
    pub currency: &'static str,
    /// Whether the sum contains tax.
    pub tax: Tax,
    /// Whether the source names a range, of which this is the end.
    pub range: bool,
}

impl Budget {
    /// The currencies that are read.
    pub const CURRENCIES: [&'static str; 4] = ["CNY", "USD", "EUR", "HKD"];
}

/// What the source says of tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tax {
    /// With tax (含税).
    Included,
    /// Without tax (不含税).
    Excluded,
    /// Nothing.
    #[default]
    Unstated,
}

impl Tax {
    /// The code in tables and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Tax::Included => "included",
            Tax::Excluded => "excluded",
            Tax::Unstated => "unstated",
        }
    }

    /// What a code means; anything else says nothing of tax.
    pub fn of(code: &str) -> Tax {
        [Tax::Included, Tax::Excluded].into_iter().find(|tax| tax.code() == code).unwrap_or_default()
    }
}

/// In what a figure without a unit is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareFigure {
    /// 万元, ten thousands of yuan.
    TenThousands,
    /// Not known: such a figure cannot be read.
    Unknown,
}

/// Reads a sum; `None` if the words are not exactly one sum or one range of sums.
pub fn parse(words: &str, bare: BareFigure) -> Option<Budget> {
    let mut tokens = tokens(words)?;
    let tax = tokens.iter().find_map(|token| if let Token::Tax(tax) = token { Some(*tax) } else { None });
    let mark = tokens.iter().find_map(|token| if let Token::Currency(code) = token { Some(*code) } else { None });
    tokens.retain(|token| matches!(token, Token::Figure(_) | Token::Scale(_) | Token::Base(_) | Token::To));
    let mut sides = tokens.split(|token| *token == Token::To).map(side);
    let (first, second) = (sides.next()??, sides.next());
    let (end, range) = match second {
        Some(second) => (second?, true),
        None => (first, false),
    };
    let unit = end.unit.or((bare == BareFigure::TenThousands).then_some(Unit { scale: 10_000, currency: "CNY" }))?;
    let minor = end.figure.minor(unit.scale)?;
    let begins = first.figure.minor(first.unit.unwrap_or(unit).scale)?;
    let currency = mark.unwrap_or(unit.currency);
    let sane = sides.next().is_none() && begins <= minor && (unit.currency == "CNY" || currency == unit.currency);
    sane.then_some(Budget { minor, currency, tax: tax.unwrap_or_default(), range })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Figure(Figure),
    Scale(u64),
    Base(&'static str),
    Currency(&'static str),
    Tax(Tax),
    To,
    Filler,
}

/// Words that may stand in a sum. At each place the first that fits is taken, so longer ones come first.
const WORDS: [(&str, Token); 44] = [
    ("不含增值税", Token::Tax(Tax::Excluded)),
    ("不含税", Token::Tax(Tax::Excluded)),
    ("未税", Token::Tax(Tax::Excluded)),
    ("含增值税", Token::Tax(Tax::Included)),
    ("含税", Token::Tax(Tax::Included)),
    ("最高投标限价", Token::Filler),
    ("最高限价", Token::Filler),
    ("预算金额", Token::Filler),
    ("项目预算", Token::Filler),
    ("总金额", Token::Filler),
    ("不超过", Token::Filler),
    ("人民币", Token::Currency("CNY")),
    ("RMB", Token::Currency("CNY")),
    ("CNY", Token::Currency("CNY")),
    ("¥", Token::Currency("CNY")),
    ("￥", Token::Currency("CNY")),
    ("USD", Token::Currency("USD")),
    ("EUR", Token::Currency("EUR")),
    ("HKD", Token::Currency("HKD")),
    ("$", Token::Currency("USD")),
    ("€", Token::Currency("EUR")),
    ("美元", Token::Base("USD")),
    ("欧元", Token::Base("EUR")),
    ("港元", Token::Base("HKD")),
    ("港币", Token::Base("HKD")),
    ("千万", Token::Scale(10_000_000)),
    ("百万", Token::Scale(1_000_000)),
    ("亿", Token::Scale(100_000_000)),
    ("万", Token::Scale(10_000)),
    ("千", Token::Scale(1_000)),
    ("元", Token::Base("CNY")),
    ("圆", Token::Base("CNY")),
    ("至", Token::To),
    ("到", Token::To),
    ("-", Token::To),
    ("—", Token::To),
    ("–", Token::To),
    ("~", Token::To),
    ("预算", Token::Filler),
    ("约", Token::Filler),
    ("整", Token::Filler),
    ("(", Token::Filler),
    (")", Token::Filler),
    (":", Token::Filler),
];

fn tokens(words: &str) -> Option<Vec<Token>> {
    let text: String = narrow(words).chars().filter(|character| !character.is_whitespace()).collect();
    let text = text.to_ascii_uppercase();
    let mut rest = text.as_str();
    let mut tokens = Vec::new();
    while !rest.is_empty() {
        let (token, length) = match rest.starts_with(|character: char| character.is_ascii_digit()) {
            true => Figure::read(rest).map(|(figure, length)| (Token::Figure(figure), length))?,
            false => WORDS.iter().find(|(word, _)| rest.starts_with(word)).map(|(word, token)| (*token, word.len()))?,
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    Some(tokens)
}

#[derive(Clone, Copy)]
struct Side {
    figure: Figure,
    unit: Option<Unit>,
}

#[derive(Clone, Copy)]
struct Unit {
    scale: u64,
    currency: &'static str,
}

fn side(tokens: &[Token]) -> Option<Side> {
    let (figure, unit) = match tokens {
        [Token::Figure(figure)] => (figure, None),
        [Token::Figure(figure), Token::Scale(scale)] => (figure, Some(Unit { scale: *scale, currency: "CNY" })),
        [Token::Figure(figure), Token::Base(currency)] => (figure, Some(Unit { scale: 1, currency })),
        [Token::Figure(figure), Token::Scale(scale), Token::Base(currency)] => {
            (figure, Some(Unit { scale: *scale, currency }))
        }
        _ => return None,
    };
    Some(Side { figure: *figure, unit })
}

/// A decimal number: `digits` divided by ten to the power of `places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Figure {
    digits: u64,
    places: u32,
}

impl Figure {
    /// Reads the number at the beginning of a text, with its length in bytes. Commas must part groups of three.
    fn read(text: &str) -> Option<(Figure, usize)> {
        let length = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(text.len());
        let (whole, fraction) = match text[..length].split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (&text[..length], ""),
        };
        let mut groups = whole.split(',');
        let first = groups.next()?;
        let parted = whole.contains(',');
        if (parted && (first.is_empty() || first.len() > 3)) || groups.any(|group| group.len() != 3) {
            return None;
        }
        let all: String = whole.chars().filter(|c| *c != ',').chain(fraction.chars()).collect();
        // A second point or a comma behind the point fails here, and so does a number beyond 64 bits.
        let digits = all.parse().ok()?;
        Some((Figure { digits, places: u32::try_from(fraction.len()).ok()? }, length))
    }

    fn minor(self, scale: u64) -> Option<i64> {
        let hundredths = u128::from(self.digits) * u128::from(scale) * 100;
        let divisor = 10u128.checked_pow(self.places)?;
        i64::try_from((hundredths + divisor / 2) / divisor).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(words: &str) -> Option<i64> {
        parse(words, BareFigure::Unknown).map(|budget| budget.minor)
    }

    #[test]
    fn the_forms_of_real_notices() {
        for (words, fen) in [
            ("86.9万元", 86_900_000),
            ("746.0365万元", 746_036_500),
            ("284211.00元", 28_421_100),
            ("211,792.45元", 21_179_245),
            ("96,500元", 9_650_000),
            ("84968元", 8_496_800),
            ("1.2亿元", 12_000_000_000),
            ("３０．５ 万 元", 30_500_000),
            ("人民币 1,000,000.00 元整", 100_000_000),
            ("￥12万", 12_000_000),
            ("预算金额：约5千元", 500_000),
            ("0元", 0),
        ] {
            assert_eq!(minor(words), Some(fen), "{words}");
        }
    }

    #[test]
    fn a_range_gives_its_end_and_says_so() {
        for words in ["10-20万元", "10万元至20万元", "10 ~ 20 万元", "5千元-20万元", "10万元—20万元（不含税）"]
        {
            let budget = parse(words, BareFigure::Unknown).expect(words);
            assert_eq!((budget.minor, budget.range), (20_000_000, true), "{words}");
        }
        assert_eq!(minor("20-10万元"), None);
        assert_eq!(minor("1-2-3万元"), None);
    }

    #[test]
    fn tax_and_currency_are_kept() {
        let read = |words| parse(words, BareFigure::Unknown).expect(words);
        assert_eq!(read("不含税86.9万元").tax, Tax::Excluded);
        assert_eq!(read("86.9万元（含税）").tax, Tax::Included);
        assert_eq!(read("86.9万元").tax, Tax::Unstated);
        assert_eq!((read("3万美元").currency, read("3万美元").minor), ("USD", 3_000_000));
        assert_eq!(read("USD 2万").currency, "USD");
        assert_eq!(minor("人民币3万美元"), None, "two currencies");
    }

    #[test]
    fn a_bare_figure_needs_to_be_known() {
        assert_eq!(parse("105.5", BareFigure::TenThousands).map(|b| b.minor), Some(105_500_000));
        assert_eq!(parse("46", BareFigure::TenThousands).map(|b| b.minor), Some(46_000_000));
        assert_eq!(minor("46"), None);
        assert_eq!(parse("46元", BareFigure::TenThousands).map(|b| b.minor), Some(4_600));
    }

    #[test]
    fn what_is_not_one_sum_is_refused() {
        for words in [
            "",
            "元",
            "万元",
            "面议",
            "149267.89407499.83元",
            "1,00元",
            "1.元",
            ".5万元",
            "-5万元",
            "10万元20万元",
            "12万元/年",
            "1e5元",
            "99999999999999999999元",
            "92233720368547758亿元",
        ] {
            assert_eq!(minor(words), None, "{words}");
        }
    }

    #[test]
    fn less_than_a_fen_is_rounded_half_up() {
        assert_eq!(minor("0.005元"), Some(1));
        assert_eq!(minor("0.0049元"), Some(0));
        assert_eq!(minor("1.23456789万元"), Some(1_234_568));
    }

    proptest::proptest! {
        #[test]
        fn no_words_upset_it(words in "[0-9.,万元亿至\\-含税¥ ]{0,24}|\\PC{0,24}") {
            let _ = (parse(&words, BareFigure::Unknown), parse(&words, BareFigure::TenThousands));
        }

        #[test]
        fn two_places_are_exact(fen in 0i64..10_000_000_000_000) {
            proptest::prop_assert_eq!(minor(&format!("{}.{:02}元", fen / 100, fen % 100)), Some(fen));
        }
    }
}
