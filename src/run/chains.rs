//! Do the statements of an account follow on each other, over all runs? What is missing is told, and held if the settings say so.
//!
//! Two witnesses: numbers (each is one more than the one before, from 1 each year) and balances (each opens with what another
//! closed with). Statements of other lengths and formats over the same days are no gap.

use crate::model::date::{Datelike, Days, Weekday};
use crate::model::{Amount, Currency, Finding, FindingCode, NaiveDate, PaymentId, Reason, Source};
use crate::run::failure::Failure;
use crate::run::identity::StatementFacts;
use crate::run::memory;
use crate::run::register::Registered;
use crate::settings::{OnGap, StatementRules, Unproved};
use crate::store::{OpenPayment, Store};
use std::collections::{BTreeMap, BTreeSet};

/// Statements are compared over a year and a month: the change of the year is in it.
const LOOK_BACK_DAYS: u64 = 400;

/// So many skipped numbers without a missing cent are the bank's way to count.
const SKIPS_OF_A_HABIT: usize = 3;

/// One statement in the chain of its account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Our account.
    pub account: String,
    /// Its format: banks number the statements of each by themselves.
    pub format: String,
    /// Its facts; those of a statement with pages are the facts of all its pages together.
    pub facts: StatementFacts,
    /// Keys of its pages, or its own.
    pub keys: Vec<String>,
    /// Where it stands.
    pub source: Source,
    /// True when this run accepted it.
    pub is_new: bool,
}

/// What is missing before a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// Statements of a year, from number to number.
    Numbers {
        /// Year.
        year: i32,
        /// First missing number.
        first: u64,
        /// Last missing number.
        last: u64,
    },
    /// It does not open with what the statement before it, at this position, closed with.
    Balance(usize),
    /// Days that nothing covers; nothing else witnesses it.
    Days(NaiveDate, NaiveDate),
}

/// A gap before the statement at a position.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Position of the first statement after it.
    pub before: usize,
    /// What is missing.
    pub missing: Missing,
}

/// Returns the gaps of one account and currency, whose `links` are in the order of [`in_order`].
///
/// A bank that skipped numbers several times, and each time the balances followed on, numbers days and not statements.
///
/// `elsewhere` are the numbers of the account's statements in other currencies: some banks count them together.
pub fn gaps(links: &[Link], elsewhere: &Numbers) -> Vec<Gap> {
    let lane = |at: usize| Lane { links, elsewhere, at };
    let found = (0..links.len()).filter_map(|before| {
        let missing = lane(before).missing()?;
        Some(Gap { before, missing })
    });
    let mut found: Vec<Gap> = found.collect();
    // Numbers are missing, but no money.
    let is_only_skipped = |gap: &Gap| gap.is_followed_on(links) && matches!(gap.missing, Missing::Numbers { .. });
    if found.iter().filter(|gap| is_only_skipped(gap)).count() >= SKIPS_OF_A_HABIT {
        found.retain(|gap| !is_only_skipped(gap));
    }
    found
}

impl Gap {
    /// The balances follow on over the gap.
    fn is_followed_on(&self, links: &[Link]) -> bool {
        let lane = Lane {
            links,
            elsewhere: &Numbers::new(),
            at: self.before,
        };
        lane.opens_with_a_closing()
    }
}

/// Sorts the statements of one account and currency by the days that they cover, then by number.
pub fn in_order(links: &mut [Link]) {
    links.sort_by(|a, b| {
        let key = |link: &Link| (span(&link.facts), link.facts.sequence);
        (key(a), &a.keys).cmp(&(key(b), &b.keys))
    });
}

type Span = Option<(NaiveDate, NaiveDate)>;

/// The days that a statement covers: as it says itself, else those of its entries.
fn span(facts: &StatementFacts) -> Span {
    facts.period.or(facts.days)
}

/// Numbers of statements with their years.
pub type Numbers = BTreeSet<(i32, u64)>;

/// One statement among the others of its account and currency.
struct Lane<'a> {
    links: &'a [Link],
    elsewhere: &'a Numbers,
    at: usize,
}

impl Lane<'_> {
    fn facts(&self) -> &StatementFacts {
        &self.links[self.at].facts
    }

    fn others(&self) -> impl Iterator<Item = (usize, &StatementFacts)> {
        let all = self.links.iter().map(|link| &link.facts).enumerate();
        all.filter(|(position, _)| *position != self.at)
    }

    /// The others that are numbered with it: of its format.
    fn in_its_series(&self) -> impl Iterator<Item = (usize, &StatementFacts)> {
        let format = &self.links[self.at].format;
        self.others()
            .filter(|(position, _)| self.links[*position].format == *format)
    }

    /// Returns the statement of that number.
    fn numbered(&self, year: i32, number: u64) -> Option<(usize, &StatementFacts)> {
        self.in_its_series()
            .find(|(_, other)| other.sequence == Some((year, number)))
    }

    fn missing(&self) -> Option<Missing> {
        match self.facts().sequence {
            Some((year, number)) => self.by_number(year, number),
            None => self.by_balance(),
        }
    }

    fn by_number(&self, year: i32, number: u64) -> Option<Missing> {
        let numbers = |of: i32| {
            let own = self.in_its_series().filter_map(|(_, other)| other.sequence);
            let all = own.chain(self.elsewhere.iter().copied());
            all.filter(move |(other, _)| *other == of).map(|(_, number)| number)
        };
        let lower = numbers(year).filter(|other| *other < number).max();
        let (before, first) = match (lower, numbers(year - 1).max()) {
            (Some(lower), _) => ((year, lower), lower + 1),
            // Numbers begin again with the year, or go on over it.
            (None, Some(last)) if number <= last => ((year - 1, last), 1),
            (None, Some(last)) => ((year - 1, last), last + 1),
            (None, None) => return self.by_balance(),
        };
        if first >= number || !self.is_same_series(before) {
            return self.by_balance();
        }
        let last = number - 1;
        if self.opens_with_a_closing() && !self.is_possible(before, last - first) {
            return None;
        }
        Some(Missing::Numbers { year, first, last })
    }

    /// False for the numbers of another series of the same account: days here, months there.
    fn is_same_series(&self, (year, number): (i32, u64)) -> bool {
        let spans = self
            .numbered(year, number)
            .and_then(|(_, other)| span(other))
            .zip(span(self.facts()));
        let Some((other, own)) = spans else { return true };
        other.0 <= own.0 && !contains(other, own) && !contains(own, other)
    }

    /// False where more statements are missing than days, which happens between two series.
    fn is_possible(&self, (year, number): (i32, u64), more: u64) -> bool {
        let spans = self
            .numbered(year, number)
            .and_then(|(_, other)| span(other))
            .zip(span(self.facts()));
        let days = spans.map_or(i64::MAX, |(other, own)| (own.0 - other.1).num_days());
        i64::try_from(more).is_ok_and(|more| more <= days)
    }

    fn by_balance(&self) -> Option<Missing> {
        if self.is_covered() || self.opens_with_a_closing() || self.opens_with_another() {
            return None;
        }
        if self.facts().opening.is_none() {
            return self.by_days();
        }
        let own = span(self.facts());
        let earlier = self.others().filter(|(_, other)| other.closing.is_some());
        let earlier = earlier.filter(|(_, other)| match (span(other), own) {
            (Some(other), Some(own)) => other.1 <= own.0 && other.0 < own.0,
            _ => false,
        });
        let by_number = self
            .facts()
            .sequence
            .and_then(|(year, number)| self.numbered(year, number.checked_sub(1)?));
        let before = by_number.filter(|(_, other)| other.closing.is_some());
        let latest = earlier.max_by_key(|(position, other)| (span(other).map(|(_, last)| last), *position));
        before.or(latest).map(|(before, _)| Missing::Balance(before))
    }

    /// It begins within another statement: the same entries in another format, or a month over its days.
    fn is_covered(&self) -> bool {
        let Some(own) = span(self.facts()) else { return false };
        let is_later = |other: &StatementFacts| {
            let numbers = self.facts().sequence.zip(other.sequence);
            numbers.is_some_and(|(own, other)| own.0 == other.0 && own.1 > other.1)
        };
        self.others().any(|(_, other)| {
            let days = span(other).filter(|days| *days != own && days.0 <= own.0 && own.0 < days.1);
            days.is_some_and(|days| contains(days, own) || !is_later(other))
        })
    }

    fn opens_with_a_closing(&self) -> bool {
        let own = self.facts();
        let is_before = |other: &StatementFacts| match (span(other), span(own)) {
            (Some((first, _)), Some((_, last))) => first <= last,
            _ => true,
        };
        let mut others = self.others();
        own.opening.is_some() && others.any(|(_, other)| other.closing == own.opening && is_before(other))
    }

    /// Another statement over its days opens alike: the same money, told twice.
    fn opens_with_another(&self) -> bool {
        let own = self.facts();
        let overlaps = |other: &StatementFacts| match (span(other), span(own)) {
            (Some(other), Some(own)) => other.0 <= own.1 && own.0 <= other.1,
            _ => false,
        };
        let mut others = self.others();
        own.opening.is_some() && others.any(|(_, other)| other.opening == own.opening && overlaps(other))
    }

    /// Without number and balance only the stated days are left: a working day that nothing covers is a gap.
    fn by_days(&self) -> Option<Missing> {
        if self.facts().sequence.is_some() {
            return None;
        }
        let (begin, _) = self.facts().period?;
        let periods = self.others().filter_map(|(_, other)| other.period);
        let last = periods
            .filter(|(first, _)| *first < begin)
            .map(|(_, last)| last)
            .max()?;
        let mut uncovered = last.iter_days().skip(1).take_while(|day| *day < begin);
        let is_working = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        uncovered.any(is_working).then_some(())?;
        Some(Missing::Days(last.succ_opt()?, begin.pred_opt()?))
    }
}

/// The first covers all days of the second, and more.
fn contains(one: (NaiveDate, NaiveDate), other: (NaiveDate, NaiveDate)) -> bool {
    one != other && one.0 <= other.0 && other.1 <= one.1
}

/// What was found out about the statements of all accounts.
#[derive(Debug, Default)]
pub struct Chains {
    /// Gaps, those that closed, overlaps and backdated entries.
    pub findings: Vec<Finding>,
    /// Keys of the statements after a gap, where the settings hold them.
    held: BTreeSet<String>,
    /// Keys of the statements that nothing proves.
    unproved: BTreeSet<String>,
}

impl Chains {
    /// Returns the payments that only people may post, and why.
    pub fn withheld(
        &self,
        registered: &Registered,
        open: &[OpenPayment],
        rules: &StatementRules,
    ) -> BTreeMap<PaymentId, Reason> {
        let new = registered
            .payments
            .iter()
            .map(|new| (&new.payment.id, &*new.statement_key));
        let open = open.iter().map(|open| (&open.payment.id, open.statement_key.as_str()));
        let reason = |statement_key: &str| {
            if self.held.contains(statement_key) {
                Some(Reason::StatementGap)
            } else if rules.unproved == Unproved::Propose && self.unproved.contains(statement_key) {
                Some(Reason::LowConfidence)
            } else {
                None
            }
        };
        if self.held.is_empty() && self.unproved.is_empty() {
            return BTreeMap::new();
        }
        new.chain(open)
            .filter_map(|(id, key)| Some((id.clone(), reason(key)?)))
            .collect()
    }
}

/// Looks at the statements of all runs, with those that this run accepted.
pub fn look(store: &Store, registered: &Registered, on_gap: OnGap) -> Result<Chains, Failure> {
    let mut lanes: BTreeMap<(String, Option<Currency>), Vec<Link>> = BTreeMap::new();
    let mut chains = Chains::default();
    let known = store
        .statements()
        .map_err(Failure::from)?
        .into_iter()
        .map(|known| Link {
            account: known.statement.account.clone(),
            format: known.statement.format.clone(),
            keys: vec![known.statement.key.clone()],
            facts: memory::facts_of(known.statement),
            source: Source::file(&known.file),
            is_new: false,
        });
    let new = registered.statements.iter().map(|new| Link {
        account: new.account.clone(),
        format: new.format.clone(),
        keys: vec![new.facts.key.clone()],
        facts: new.facts.clone(),
        source: new.source.clone(),
        is_new: true,
    });
    for link in known.chain(new) {
        if !link.facts.is_proved {
            chains.unproved.insert(link.facts.key.clone());
        }
        let lane = (link.account.clone(), link.facts.currency);
        lanes.entry(lane).or_default().push(link);
    }
    // Statements without a currency, as all of an older record, are compared with nothing.
    for ((account, currency), links) in &lanes {
        let Some(currency) = currency else { continue };
        let others = lanes
            .iter()
            .filter(|((other, of), _)| other == account && of != &Some(*currency));
        let elsewhere = others
            .flat_map(|(_, links)| links)
            .filter_map(|link| link.facts.sequence);
        let links = recent(with_pages(links.clone()));
        look_at(&links, &elsewhere.collect(), *currency, on_gap, &mut chains);
    }
    Ok(chains)
}

/// Returns the statements of the last days in their order: an older gap is history, and told no more.
fn recent(mut links: Vec<Link>) -> Vec<Link> {
    let last = links
        .iter()
        .filter_map(|link| span(&link.facts))
        .map(|(_, last)| last)
        .max();
    let first = last.and_then(|last| last.checked_sub_days(Days::new(LOOK_BACK_DAYS)));
    links.retain(|link| span(&link.facts).is_none_or(|(_, last)| Some(last) >= first));
    in_order(&mut links);
    links
}

/// Puts the pages of a statement together: it opens with its first page and closes with its last.
fn with_pages(links: Vec<Link>) -> Vec<Link> {
    let mut whole: BTreeMap<String, Vec<(u32, Link)>> = BTreeMap::new();
    for link in links {
        let (name, page) = page_of(&link.facts.key);
        whole.entry(name).or_default().push((page, link));
    }
    let joined = whole.into_values().filter_map(|mut pages| {
        pages.sort_by_key(|(page, _)| *page);
        let mut pages = pages.into_iter().map(|(_, link)| link);
        let first = pages.next()?;
        Some(pages.fold(first, |mut all, page| {
            all.facts.opening = all.facts.opening.or(page.facts.opening);
            all.facts.closing = page.facts.closing.or(all.facts.closing);
            all.facts.days = united(all.facts.days, page.facts.days);
            all.facts.period = united(all.facts.period, page.facts.period);
            all.facts.is_proved &= page.facts.is_proved;
            all.is_new |= page.is_new;
            all.keys.extend(page.keys);
            all
        }))
    });
    joined.collect()
}

fn united(one: Span, other: Span) -> Span {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        _ => one.or(other),
    }
}

/// Returns the key without its page, and the page: `DE1/2026/7/p2` is page 2 of `DE1/2026/7`. 0 where there are no pages.
fn page_of(key: &str) -> (String, u32) {
    let parts: Vec<&str> = key.split('/').collect();
    let number = |part: &str| part.strip_prefix('p').and_then(|digits| digits.parse::<u32>().ok());
    let found = parts.iter().enumerate().skip(2).rev().take(2);
    match found.filter_map(|(place, part)| Some((place, number(part)?))).next() {
        Some((place, page)) => {
            let mut rest = parts;
            rest.remove(place);
            (rest.join("/"), page)
        }
        None => (key.to_owned(), 0),
    }
}

fn look_at(links: &[Link], elsewhere: &Numbers, currency: Currency, on_gap: OnGap, chains: &mut Chains) {
    let gaps = gaps(links, elsewhere);
    for gap in &gaps {
        chains.findings.push(say(links, gap, currency, on_gap));
    }
    if on_gap == OnGap::Hold
        && let Some(first) = gaps.iter().map(|gap| gap.before).min()
    {
        chains
            .held
            .extend(links[first..].iter().flat_map(|link| link.keys.iter().cloned()));
    }
    if links.iter().any(|link| link.is_new) {
        chains.findings.extend(closed(links, elsewhere, &gaps));
        chains.findings.extend(neighbours(links));
    }
}

/// Gaps that were there before this run and are no more.
fn closed(links: &[Link], elsewhere: &Numbers, now: &[Gap]) -> Vec<Finding> {
    let known: Vec<Link> = links.iter().filter(|link| !link.is_new).cloned().collect();
    let is_open = |link: &Link| now.iter().any(|gap| links[gap.before].keys == link.keys);
    let has_come = |missing: &Missing| match *missing {
        Missing::Numbers { year, first, last } => links.iter().any(|link| {
            let number = link.facts.sequence.filter(|(of, _)| link.is_new && *of == year);
            number.is_some_and(|(_, number)| (first..=last).contains(&number))
        }),
        Missing::Balance(_) | Missing::Days(..) => true,
    };
    gaps(&known, elsewhere)
        .iter()
        .filter(|gap| !is_open(&known[gap.before]) && has_come(&gap.missing))
        .map(|gap| {
            let link = &known[gap.before];
            let args = vec![link.account.clone(), name(link)];
            Finding::note(FindingCode::GapClosed, link.source.clone(), args)
        })
        .collect()
}

/// What is worth knowing of the new statements beside gaps: overlaps, and entries in days that were closed.
fn neighbours(links: &[Link]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, link) in links.iter().enumerate().filter(|(_, link)| link.is_new) {
        let Some((first, last)) = link.facts.days else { continue };
        let others = || {
            links
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, link)| link)
        };
        let follows = |other: &Link| {
            let numbers = link.facts.sequence.zip(other.facts.sequence);
            let is_next = numbers.is_none_or(|(own, other)| own > other);
            other.facts.closing.is_some() && other.facts.closing == link.facts.opening && is_next
        };
        let before = others().find(|other| {
            follows(other) && other.facts.is_proved && other.facts.days.is_some_and(|days| first < days.1)
        });
        if let Some((before, (_, day))) = before.and_then(|before| Some((before, before.facts.days?))) {
            let args = vec![first.to_string(), day.to_string(), name(before)];
            findings.push(Finding::note(FindingCode::EntriesBackdated, link.source.clone(), args));
            continue;
        }
        let is_chained = |other: &Link| {
            let ends = |a: &Link, b: &Link| a.facts.closing.is_some() && a.facts.closing == b.facts.opening;
            ends(other, link) || ends(link, other)
        };
        let overlaps = |other: &&Link| {
            let days = other.facts.days;
            days.is_some_and(|(other_first, other_last)| other_first <= last && first <= other_last)
                && !is_chained(other)
        };
        if let Some(other) = others().find(overlaps) {
            let args = vec![name(other)];
            findings.push(Finding::note(FindingCode::StatementOverlap, link.source.clone(), args));
        }
    }
    findings
}

fn say(links: &[Link], gap: &Gap, currency: Currency, on_gap: OnGap) -> Finding {
    let link = &links[gap.before];
    let amount = |minor: Option<i64>| minor.map_or_else(String::new, |minor| Amount::new(minor, currency).to_string());
    let until = match on_gap {
        OnGap::Warn => "what came after it was matched all the same",
        OnGap::Hold => "what came after it is held until then",
    };
    let is_numbers = matches!(gap.missing, Missing::Numbers { .. });
    let follows = if is_numbers && gap.is_followed_on(links) {
        "; the balances follow on, so what it moved, if anything, cancels out"
    } else {
        ""
    };
    let (code, mut args) = match gap.missing {
        Missing::Numbers { year, first, last } => {
            let numbers = if first == last {
                format!("no. {first} of {year}")
            } else {
                format!("nos. {first} to {last} of {year}")
            };
            let args = vec![link.account.clone(), numbers, name(link)];
            (FindingCode::StatementMissing, args)
        }
        Missing::Balance(before) => {
            let before = &links[before];
            let args = vec![
                link.account.clone(),
                name(link),
                amount(link.facts.opening),
                name(before),
                amount(before.facts.closing),
            ];
            (FindingCode::BalanceGap, args)
        }
        Missing::Days(first, last) => {
            let args = vec![link.account.clone(), first.to_string(), last.to_string(), name(link)];
            (FindingCode::PeriodGap, args)
        }
    };
    args.push(format!("{until}{follows}"));
    Finding::warning(code, link.source.clone(), args)
}

/// Returns what people call a statement: `no. 43 of 2026`, else its id, with its days.
fn name(link: &Link) -> String {
    let days = match link.facts.days {
        Some((first, last)) if first == last => format!(" ({first})"),
        Some((first, last)) => format!(" ({first} to {last})"),
        None => String::new(),
    };
    match link.facts.sequence {
        Some((year, number)) => format!("no. {number} of {year}{days}"),
        None => {
            let own = link.facts.key.strip_prefix(&link.account).unwrap_or(&link.facts.key);
            format!("`{}`{days}", own.trim_start_matches('/'))
        }
    }
}

#[cfg(test)]
mod tests;
