//! Payments that compete for the same items: each group is solved exactly, or abstains.

use super::judge::Judgement;
use super::policy::Policy;
use crate::index::ItemNo;
use crate::model::{Hypothesis, NaiveDate, Payment, Probability, Reason};
use crate::propose::{Book, Proposal, Ranked};
use crate::text::bits::probability;
use rustc_hash::FxHashMap;

/// A competitor that would itself not be posted counts from this share of what explains its payment at all, in millionths.
const COMPETES_FROM: u64 = 200_000;

/// Beyond certainty a heavier hypothesis wins nothing, in 1/100 bit: two certain payments of one item are a contradiction, not a race.
const CERTAIN: i32 = 2_500;

/// Ways to settle a payment that are tried in a conflict.
const OPTIONS_MAX: usize = 8;

/// Items of which one is as good as the other that are tried: as many payments may want them.
const SUBSTITUTES_MAX: usize = 16;

/// Solves all conflicts: the judgements then settle no item beyond what is open.
pub(super) fn solve(
    book: &Book<'_>,
    payments: &[&Payment],
    proposals: &[Proposal],
    policy: &Policy,
    judgements: &mut [Judgement],
) {
    hold_repeated(payments, proposals, policy, book, judgements);
    let groups = groups(book, proposals, judgements);
    for mut group in groups {
        group.sort_by(|a, b| order(payments[*a], payments[*b]));
        let solved = if group.len() <= policy.competing_payments as usize {
            Solver::new(book, proposals, policy, &group).and_then(Solver::run)
        } else {
            None
        };
        settle_group(proposals, &group, solved, judgements);
    }
    refuse_excess(book, payments, proposals, judgements);
}

/// Earlier first; the id breaks ties, because a run must not depend on the order of its files.
fn order(a: &Payment, b: &Payment) -> std::cmp::Ordering {
    (paid_on(a), &a.id).cmp(&(paid_on(b), &b.id))
}

fn paid_on(payment: &Payment) -> NaiveDate {
    payment.value_date.unwrap_or(payment.booking_date)
}

/// Returns the groups of payments that want more of an item than is open, connected over shared items.
fn groups(book: &Book<'_>, proposals: &[Proposal], judgements: &[Judgement]) -> Vec<Vec<usize>> {
    let mut wanted: FxHashMap<ItemNo, Vec<usize>> = FxHashMap::default();
    for (at, proposal) in proposals.iter().enumerate() {
        let Some(best) = proposal.candidates.first() else {
            continue;
        };
        let is_settled = judgements[at].is_settled;
        let competes = !is_settled && (judgements[at].reason.is_none() || is_likely(book, proposal, best));
        if competes {
            for part in &best.hypothesis.allocations {
                wanted.entry(part.item).or_default().push(at);
            }
        }
    }
    let mut parent: FxHashMap<usize, usize> = FxHashMap::default();
    let mut items: Vec<(&ItemNo, &Vec<usize>)> = wanted.iter().filter(|(_, all)| all.len() > 1).collect();
    items.sort_unstable_by_key(|(item, _)| **item);
    for (item, all) in items {
        if is_enough(book, proposals, *item, all) {
            continue;
        }
        for other in &all[1..] {
            let (a, b) = (root(&mut parent, all[0]), root(&mut parent, *other));
            parent.insert(a.max(b), a.min(b));
        }
    }
    let mut members: Vec<(usize, usize)> = Vec::new();
    let mut all: Vec<usize> = parent.keys().copied().collect();
    all.sort_unstable();
    for at in all {
        members.push((root(&mut parent, at), at));
    }
    members.sort_unstable();
    let chunks = members.chunk_by(|a, b| a.0 == b.0);
    chunks.map(|chunk| chunk.iter().map(|(_, at)| *at).collect()).collect()
}

/// More likely than nothing, and not one of many.
fn is_likely(book: &Book<'_>, proposal: &Proposal, best: &Ranked) -> bool {
    let explained = u64::from(Probability::ONE.0.saturating_sub(proposal.none.0));
    let share = u64::from(best.probability.0) * 1_000_000;
    book.strength(best.weight) > 0 && share >= explained * COMPETES_FROM
}

/// Would be posted in a larger book as well.
fn is_firm(book: &Book<'_>, policy: &Policy, best: &Ranked) -> bool {
    let strength = book.strength(best.weight);
    strength == best.weight || probability(strength).0 >= policy.target
}

fn root(parent: &mut FxHashMap<usize, usize>, at: usize) -> usize {
    let mut top = at;
    loop {
        let up = *parent.entry(top).or_insert(top);
        if up == top {
            return top;
        }
        top = up;
    }
}

fn is_enough(book: &Book<'_>, proposals: &[Proposal], item: ItemNo, all: &[usize]) -> bool {
    let parts = all
        .iter()
        .filter_map(|at| proposals[*at].candidates.first())
        .flat_map(|best| &best.hypothesis.allocations);
    let sum: i128 = parts
        .filter(|part| part.item == item)
        .map(|part| i128::from(part.item_reduction()))
        .sum();
    sum.abs() <= i128::from(book.ledger.item(item).open_amount).abs()
}

/// What a group's solution says of each payment: the candidate, or nothing, and whether that is certain.
struct Solution {
    chosen: Vec<Option<usize>>,
    is_certain: Vec<bool>,
}

/// Tries all ways to settle a group's payments, best total first.
struct Solver<'s> {
    options: Vec<Vec<Choice<'s>>>,
    /// The payment is interchangeable with the one before, and so are their items: who takes which makes no other solution.
    is_alike: Vec<bool>,
    rest: Vec<i64>,
    open: FxHashMap<ItemNo, i64>,
    steps: u32,
    near: i64,
    best: i64,
    found: Vec<(i64, Vec<usize>)>,
    chosen: Vec<usize>,
}

struct Choice<'s> {
    /// Position among the payment's candidates; `None`: nothing.
    at: Option<usize>,
    /// The candidate that it stands for: a substitute stands for the oldest of its kind.
    stands_for: Option<usize>,
    weight: i64,
    hypothesis: Option<&'s Hypothesis>,
}

impl<'s> Solver<'s> {
    fn new(book: &Book<'_>, proposals: &'s [Proposal], policy: &Policy, group: &[usize]) -> Option<Solver<'s>> {
        let mut open = FxHashMap::default();
        let mut options = Vec::new();
        for at in group {
            let choices = choices(book, &proposals[*at], policy);
            for part in choices
                .iter()
                .filter_map(|choice| choice.hypothesis)
                .flat_map(|h| &h.allocations)
            {
                open.insert(part.item, book.ledger.item(part.item).open_amount);
            }
            options.push(choices);
        }
        let mut rest = vec![0_i64; options.len() + 1];
        for at in (0..options.len()).rev() {
            let most = options[at].iter().map(|choice| choice.weight).max().unwrap_or(0);
            rest[at] = rest[at + 1] + most;
        }
        let is_alike = (0..options.len())
            .map(|at| at > 0 && are_interchangeable(&options[at - 1], &options[at]))
            .collect();
        Some(Solver {
            options,
            is_alike,
            rest,
            open,
            steps: policy.competing_steps,
            near: i64::from(policy.near_tie),
            best: i64::MIN,
            found: Vec::new(),
            chosen: Vec::new(),
        })
    }

    /// Returns the best solution; `None` when the steps do not suffice.
    fn run(mut self) -> Option<Solution> {
        self.go(0, 0);
        if self.steps == 0 {
            return None;
        }
        let best = self.best;
        let near = self.near;
        let first = self.found.iter().find(|(total, _)| *total == best)?.1.clone();
        let near_ones: Vec<&Vec<usize>> = self
            .found
            .iter()
            .filter(|(total, _)| best - *total <= near)
            .map(|(_, chosen)| chosen)
            .collect();
        let stands_for = |at: usize, choice: usize| self.options[at][choice].stands_for;
        let is_certain = (0..first.len())
            .map(|at| {
                near_ones
                    .iter()
                    .all(|other| stands_for(at, other[at]) == stands_for(at, first[at]))
            })
            .collect();
        Some(Solution {
            chosen: first
                .iter()
                .enumerate()
                .map(|(at, choice)| self.options[at][*choice].at)
                .collect(),
            is_certain,
        })
    }

    fn go(&mut self, at: usize, total: i64) {
        if self.steps == 0 || total + self.rest[at] < self.best.saturating_sub(self.near) {
            return;
        }
        self.steps -= 1;
        if at == self.options.len() {
            self.best = self.best.max(total);
            self.found.push((total, self.chosen.clone()));
            return;
        }
        let first = match self.chosen.last() {
            Some(before) if self.is_alike[at] => *before,
            _ => 0,
        };
        for choice in first..self.options[at].len() {
            let option = &self.options[at][choice];
            let (weight, hypothesis) = (option.weight, option.hypothesis);
            if !hypothesis.is_none_or(|hypothesis| fits(&self.open, hypothesis)) {
                continue;
            }
            take(&mut self.open, hypothesis, 1);
            self.chosen.push(choice);
            self.go(at + 1, total + weight);
            self.chosen.pop();
            take(&mut self.open, hypothesis, -1);
        }
    }
}

/// The best hypothesis, its substitutes, those nearly as good, and nothing.
fn choices<'s>(book: &Book<'_>, proposal: &'s Proposal, policy: &Policy) -> Vec<Choice<'s>> {
    let mut choices: Vec<Choice<'s>> = Vec::new();
    let Some(best) = proposal.candidates.first() else {
        return choices;
    };
    for (at, ranked) in proposal.candidates.iter().enumerate() {
        let strength = book.strength(ranked.weight);
        let is_near = best.weight - ranked.weight <= policy.near_tie && strength > 0;
        let is_use = !ranked.hypothesis.allocations.is_empty() && (at == 0 || is_near);
        let is_substitute = ranked.is_substitute && best.hypothesis.customer_id == ranked.hypothesis.customer_id;
        let most = if is_substitute { SUBSTITUTES_MAX } else { OPTIONS_MAX };
        if !is_use || choices.len() >= most {
            continue;
        }
        choices.push(Choice {
            at: Some(at),
            stands_for: Some(if is_substitute { 0 } else { at }),
            weight: i64::from(strength.min(CERTAIN)),
            hypothesis: Some(&ranked.hypothesis),
        });
    }
    choices.push(Choice {
        at: None,
        stands_for: None,
        weight: 0,
        hypothesis: None,
    });
    choices
}

/// The same items with the same weights, each as good as the first.
fn are_interchangeable(one: &[Choice<'_>], other: &[Choice<'_>]) -> bool {
    let is_same = |(a, b): (&Choice<'_>, &Choice<'_>)| {
        let items = |choice: &Choice<'_>| choice.hypothesis.map(|hypothesis| hypothesis.allocations.clone());
        let is_first = a.stands_for.is_none_or(|first| first == 0);
        is_first && a.stands_for == b.stands_for && a.weight == b.weight && items(a) == items(b)
    };
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

fn fits(open: &FxHashMap<ItemNo, i64>, hypothesis: &Hypothesis) -> bool {
    fits_into(|item| open.get(&item).copied().unwrap_or(0), hypothesis)
}

/// `open` says what is left of an item.
fn fits_into(open: impl Fn(ItemNo) -> i64, hypothesis: &Hypothesis) -> bool {
    hypothesis.allocations.iter().all(|part| {
        let left = open(part.item);
        let reduction = part.item_reduction();
        reduction.abs() <= left.abs() && (left > 0) == (reduction > 0)
    })
}

fn take(open: &mut FxHashMap<ItemNo, i64>, hypothesis: Option<&Hypothesis>, times: i64) {
    for part in hypothesis.into_iter().flat_map(|hypothesis| &hypothesis.allocations) {
        if let Some(left) = open.get_mut(&part.item) {
            *left -= times * part.item_reduction();
        }
    }
}

/// Turns a group's solution into judgements.
fn settle_group(proposals: &[Proposal], group: &[usize], solution: Option<Solution>, judgements: &mut [Judgement]) {
    let Some(solution) = solution else {
        for at in group {
            let judgement = &mut judgements[*at];
            judgement.reason = judgement.reason.or(Some(Reason::ClaimConflict));
        }
        return;
    };
    for (place, at) in group.iter().enumerate() {
        let judgement = &mut judgements[*at];
        match solution.chosen[place] {
            Some(chosen) if solution.is_certain[place] => judgement.chosen = chosen,
            Some(_) if judgement.reason.is_some() => {}
            _ => judgement.reason = Some(lost(proposals, group, *at)),
        }
    }
}

/// Payments that want exactly the same and more than there is: the one of the earliest day is the payment, the later ones repeat it.
/// On one and the same day nobody can say which one repeats, and all are held.
fn hold_repeated(
    payments: &[&Payment],
    proposals: &[Proposal],
    policy: &Policy,
    book: &Book<'_>,
    judgements: &mut [Judgement],
) {
    let mut wanted: Vec<(ItemNo, usize)> = Vec::new();
    for (at, proposal) in proposals.iter().enumerate() {
        let best = proposal.candidates.first().filter(|best| is_firm(book, policy, best));
        let first = best.and_then(|best| best.hypothesis.allocations.first());
        if let (Some(part), None) = (first, judgements[at].reason) {
            wanted.push((part.item, at));
        }
    }
    wanted.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| order(payments[a.1], payments[b.1])));
    for same in wanted.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let all: Vec<usize> = same.iter().map(|(_, at)| *at).collect();
        let best = |at: usize| proposals[at].candidates.first();
        let Some(first) = best(all[0]) else { continue };
        let repeats = |at: usize| {
            best(at).is_some_and(|other| {
                other.hypothesis.allocations == first.hypothesis.allocations
                    && other.weight - first.weight <= policy.near_tie
            })
        };
        let room = 1 + proposals[all[0]]
            .candidates
            .iter()
            .filter(|ranked| ranked.is_substitute)
            .count();
        if all.len() <= room || is_enough(book, proposals, same[0].0, &all) || !all.iter().all(|at| repeats(*at)) {
            continue;
        }
        let excess_from = paid_on(payments[all[room]]);
        for at in all.iter().filter(|at| paid_on(payments[**at]) >= excess_from) {
            judgements[*at].reason = Some(Reason::DuplicateSuspect);
            judgements[*at].is_settled = true;
        }
    }
}

/// Who wants the same item as another payment in the same way repeats it; else two claims meet.
fn lost(proposals: &[Proposal], group: &[usize], at: usize) -> Reason {
    let Some(best) = proposals[at].candidates.first() else {
        return Reason::ClaimConflict;
    };
    let is_repeated = group.iter().filter(|other| **other != at).any(|other| {
        proposals[*other].candidates.first().is_some_and(|rival| {
            rival.hypothesis.allocations.iter().any(|part| {
                best.hypothesis
                    .allocations
                    .iter()
                    .any(|own| own.item == part.item && own.cash == part.cash)
            })
        })
    });
    if is_repeated {
        Reason::DuplicateSuspect
    } else {
        Reason::ClaimConflict
    }
}

/// The last guard: whatever was decided above, no item is settled beyond what is open, and every posting explains its cash.
fn refuse_excess(book: &Book<'_>, payments: &[&Payment], proposals: &[Proposal], judgements: &mut [Judgement]) {
    let mut posted: Vec<usize> = Vec::new();
    let mut wanted: FxHashMap<ItemNo, bool> = FxHashMap::default();
    for (at, judgement) in judgements
        .iter_mut()
        .enumerate()
        .filter(|(_, known)| known.reason.is_none())
    {
        let Some(ranked) = proposals[at].candidates.get(judgement.chosen) else {
            judgement.reason = Some(Reason::LowConfidence);
            continue;
        };
        posted.push(at);
        for part in &ranked.hypothesis.allocations {
            wanted
                .entry(part.item)
                .and_modify(|is_again| *is_again = true)
                .or_insert(false);
        }
    }
    let chosen = |at: usize, judgement: &Judgement| &proposals[at].candidates[judgement.chosen].hypothesis;
    // The order matters only where two want the same.
    let (mut contested, alone): (Vec<usize>, Vec<usize>) = posted.into_iter().partition(|at| {
        let hypothesis = chosen(*at, &judgements[*at]);
        hypothesis.allocations.iter().any(|part| wanted[&part.item])
    });
    contested.sort_by(|a, b| order(payments[*a], payments[*b]));
    let is_whole = |at: usize, hypothesis: &Hypothesis| {
        hypothesis.cash() == payments[at].amount.minor && hypothesis.on_account >= 0
    };
    let exported = |item: ItemNo| book.ledger.item(item).open_amount;
    let mut open: FxHashMap<ItemNo, i64> = FxHashMap::default();
    for at in contested {
        let hypothesis = chosen(at, &judgements[at]);
        for part in &hypothesis.allocations {
            open.entry(part.item).or_insert_with(|| exported(part.item));
        }
        if is_whole(at, hypothesis) && fits(&open, hypothesis) {
            take(&mut open, Some(hypothesis), 1);
        } else {
            judgements[at].reason = Some(Reason::DuplicateSuspect);
        }
    }
    for at in alone {
        let hypothesis = chosen(at, &judgements[at]);
        if !(is_whole(at, hypothesis) && fits_into(exported, hypothesis)) {
            judgements[at].reason = Some(Reason::DuplicateSuspect);
        }
    }
}
