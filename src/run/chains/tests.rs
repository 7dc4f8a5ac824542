use super::*;
use crate::run::identity::StatementFacts;

fn euro() -> Currency {
    Currency::new("EUR").expect("EUR")
}

/// `41 2..3 100>250`: number, first and last day of 2026 (below 1: of 2025), opening and closing. `-` for what is not stated.
/// `sta:41` is of another format. The days that it says it covers stand last where they are others than those of its entries.
fn link(told: &str) -> Link {
    let words: Vec<&str> = told.split_whitespace().collect();
    let day = |text: &str| {
        let offset: i64 = text.parse().expect(told);
        NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day") + chrono::TimeDelta::days(offset)
    };
    let minor = |text: &str| text.parse::<i64>().ok();
    let days = |text: &str| {
        let (first, last) = text.split_once("..").expect(told);
        Some((day(first), day(last)))
    };
    let (opening, closing) = words[2].split_once('>').expect(told);
    let (format, number) = words[0].split_once(':').unwrap_or(("camt", words[0]));
    let sequence = match number.split_once('#') {
        Some((year, number)) => Some((year.parse().expect(told), number.parse().expect(told))),
        None => number.parse().ok().map(|number| (2026, number)),
    };
    let key = format!("DE1/{told}");
    Link {
        account: "DE1".to_owned(),
        format: format.to_owned(),
        facts: StatementFacts {
            key: key.clone(),
            content_hash: told.to_owned(),
            sequence,
            days: days(words[1]),
            period: days(words.get(3).unwrap_or(&words[1])),
            currency: Some(euro()),
            opening: minor(opening),
            closing: minor(closing),
            is_proved: true,
        },
        keys: vec![key],
        source: Source::file("a.xml"),
        is_new: true,
    }
}

fn links(told: &str) -> Vec<Link> {
    let mut links: Vec<Link> = told.split(';').map(|one| link(one.trim())).collect();
    in_order(&mut links);
    links
}

/// `43: 42-42` for numbers, `43: balance after 41`, `-: days 3-4`.
fn found(told: &str) -> Vec<String> {
    let links = links(told);
    let label = |position: usize| links[position].facts.content_hash.split(' ').next().unwrap_or_default();
    let said = gaps(&links, &Numbers::new()).into_iter().map(|gap| {
        let missing = match gap.missing {
            Missing::Numbers { year, first, last } => format!("{first}-{last} of {year}"),
            Missing::Balance(before) => format!("balance after {}", label(before)),
            Missing::Days(first, last) => format!("{first} to {last}"),
        };
        format!("{}: {missing}", label(gap.before))
    });
    said.collect()
}

#[test]
fn what_is_missing_is_found() {
    for (told, statements, expected) in [
        ("one number", "41 2..2 1>2; 43 4..4 5>6", "43: 42-42 of 2026"),
        (
            "money, too, at a bank that skips numbers",
            "10 2..2 1>2; 12 4..4 2>3; 14 6..6 3>4; 17 9..9 4>5; 20 12..12 6>7",
            "20: 18-19 of 2026",
        ),
        (
            "nothing between the numbers of two formats, from the first day on",
            "9 2..2 1>2; sta:41 2..2 1>2; 10 3..3 2>3; sta:42 3..3 2>3",
            "",
        ),
        (
            "nothing at the change from one format to the other",
            "sta:41 2..2 1>2; sta:42 3..3 2>3; 1 4..4 3>5; 2 5..5 5>6",
            "",
        ),
        (
            "a number of one of two formats",
            "9 2..2 1>2; sta:41 2..2 1>2; 11 4..4 5>6; sta:42 3..3 2>5; sta:43 4..4 5>6",
            "11: 10-10 of 2026",
        ),
        ("several", "41 2..2 1>2; 45 8..8 5>6", "45: 42-44 of 2026"),
        (
            "one number, though the balances follow on",
            "41 2..2 1>2; 43 4..4 2>6",
            "43: 42-42 of 2026",
        ),
        (
            "two places",
            "1 2..2 1>2; 3 4..4 3>4; 5 6..6 5>6",
            "3: 2-2 of 2026, 5: 4-4 of 2026",
        ),
        (
            "after backdated entries",
            "41 5..5 1>2; 43 3..7 5>6 7..7",
            "43: 42-42 of 2026",
        ),
        ("on the same day", "1 5..5 1>2; 3 5..5 3>4", "3: 2-2 of 2026"),
        (
            "numbers follow, balances do not",
            "41 2..2 1>2; 42 3..3 9>10",
            "42: balance after 41",
        ),
        ("no numbers", "- 2..2 1>2; - 4..4 5>6", "-: balance after -"),
        (
            "the first of the new year",
            "2025#250 -1..-1 1>2; 2 5..5 5>6",
            "2: 1-1 of 2026",
        ),
        (
            "the last of the old year",
            "2025#250 -3..-3 1>2; 1 5..5 5>6",
            "1: balance after 2025#250",
        ),
        (
            "numbers go on over the year",
            "2025#250 -1..-1 1>2; 252 5..5 5>6",
            "252: 251-251 of 2026",
        ),
        (
            "neither number nor balance",
            "- 5..5 ->-; - 9..9 ->-",
            "-: 2026-01-06 to 2026-01-08",
        ),
    ] {
        assert_eq!(found(statements).join(", "), expected, "{told}: {statements}");
    }
}

#[test]
fn nothing_is_missing() {
    for (told, statements) in [
        ("the first delivery of an account", "41 2..2 1>2"),
        (
            "numbers and balances follow",
            "41 2..2 1>2; 42 3..3 2>3; 43 6..6 3>3; 44 7..7 3>9",
        ),
        ("delivered in another order", "43 6..6 3>3; 41 2..2 1>2; 42 3..3 2>3"),
        ("no numbers, the balances follow", "- 2..2 1>2; - 3..3 2>3; - 9..9 3>1"),
        (
            "days without movements and without a statement",
            "- 2..2 1>2; - 20..20 2>3",
        ),
        ("several statements of one day", "- 2..2 1>2; - 2..2 2>7; - 2..2 7>9"),
        (
            "the new year begins at 1",
            "2025#250 -1..-1 1>2; 1 2..2 2>3; 2 5..5 3>4",
        ),
        ("the new year goes on", "2025#250 -1..-1 1>2; 251 2..2 2>3"),
        ("always number 1", "1 2..2 1>2; 1 3..3 2>3; 1 6..6 3>4"),
        ("backdated entries", "41 5..5 1>2; 42 3..6 2>3"),
        (
            "the same day in another format",
            "41 5..5 1>2; - 5..5 1>2; 42 6..6 2>3; - 6..6 2>3",
        ),
        (
            "weeks and a month over them",
            "1 2..6 1>2; 2 9..13 2>3; 3 16..20 3>4; 4 23..27 4>5; 1 2..27 1>5; 5 30..34 5>6",
        ),
        (
            "days with numbers and months with theirs",
            "40 30..30 8>9; 2 1..31 1>10; 41 31..31 9>10; 42 34..34 10>11; 3 32..59 10>20; 43 35..35 11>20",
        ),
        (
            "a bank that numbers its working days",
            "10 2..2 1>2; 12 4..4 2>3; 13 5..5 3>4; 17 9..9 4>5; 20 12..12 5>6; 21 13..13 6>7",
        ),
        ("a day within a month that was read", "- 1..31 1>9; - 7..7 4>5"),
        ("no balances, over the weekend", "- 2..2 ->-; - 5..5 ->-"),
        ("no balances, the days follow", "- 5..6 ->-; - 7..8 ->-"),
        (
            "numbers of days that nobody can have missed",
            "2 1..31 1>9; 40 32..32 9>10; 41 33..33 10>11",
        ),
    ] {
        assert_eq!(found(statements), Vec::<String>::new(), "{told}: {statements}");
    }
}

#[test]
fn a_number_of_another_currency_is_not_missing() {
    let links = links("41 2..2 1>2; 43 4..4 2>3; 45 6..6 3>4");
    let missing = |elsewhere: &[u64]| gaps(&links, &elsewhere.iter().map(|number| (2026, *number)).collect()).len();
    assert_eq!((missing(&[]), missing(&[42]), missing(&[42, 44])), (2, 1, 0));
}

#[test]
fn what_follows_a_gap_is_held_until_it_closes() {
    let mut links = links("41 2..2 1>2; 43 6..6 3>4; 44 7..7 4>5");
    for link in &mut links {
        link.is_new = false;
    }
    let look = |links: &[Link], on_gap| {
        let mut chains = Chains::default();
        look_at(links, &Numbers::new(), euro(), on_gap, &mut chains);
        chains
    };
    assert_eq!(look(&links, OnGap::Warn).held.len(), 0);
    let held = look(&links, OnGap::Hold).held;
    assert_eq!(
        held.into_iter().collect::<Vec<_>>(),
        ["DE1/43 6..6 3>4", "DE1/44 7..7 4>5"]
    );
    links.push(link("42 5..5 2>3"));
    in_order(&mut links);
    let chains = look(&links, OnGap::Hold);
    assert_eq!(chains.held.len(), 0);
    let codes: Vec<_> = chains.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::GapClosed]);
}

#[test]
fn pages_are_one_statement() {
    let mut pages = ["41 2..2 1>-", "41 2..3 ->9", "42 4..4 9>8"].map(link);
    for (page, key) in pages
        .iter_mut()
        .zip(["DE1/2026/41/p1", "DE1/2026/41/p2", "DE1/2026/42"])
    {
        page.facts.key = key.to_owned();
        page.keys = vec![key.to_owned()];
    }
    let mut whole = with_pages(pages.to_vec());
    in_order(&mut whole);
    assert_eq!(whole[0].keys, ["DE1/2026/41/p1", "DE1/2026/41/p2"]);
    assert_eq!((whole[0].facts.opening, whole[0].facts.closing), (Some(1), Some(9)));
    assert_eq!(gaps(&whole, &Numbers::new()), []);
}

#[test]
fn overlaps_and_backdated_entries_are_told_once_of_what_is_new() {
    for (told, before, now, expected) in [
        ("follows", "41 2..2 1>2", "42 3..3 2>3", None),
        (
            "backdated",
            "41 5..5 1>2",
            "42 3..6 2>3",
            Some(FindingCode::EntriesBackdated),
        ),
        (
            "another format",
            "41 5..5 1>2",
            "- 5..5 1>2",
            Some(FindingCode::StatementOverlap),
        ),
        (
            "a month over it",
            "41 5..5 1>2",
            "1 1..31 0>9",
            Some(FindingCode::StatementOverlap),
        ),
    ] {
        let mut known = link(before);
        known.is_new = false;
        let links = [known, link(now)];
        let codes: Vec<_> = neighbours(&links).iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{told}");
    }
}
