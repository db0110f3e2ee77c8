//! A backtest as a page.

use std::cmp::Ordering;

use cairn_merkle::Credits;

use super::report::{Backtested, Change, GroupShown, TotalsShown};
use crate::amount::{Amount, grouped, of_credits};
use crate::page::{Column, Page, Show};

impl Show for Backtested {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Proposed rules: {}", self.rules));
        page.fact("pool", self.pool.to_string());
        page.fact("hash as run", self.ruleset_hash.to_string());
        page.fact(
            "epochs",
            format!("{} to {}", self.first_epoch, self.last_epoch),
        );
        let owners = &self.owners;
        page.fact(
            "people",
            format!(
                "{} would get more tokens, {} less, {} as many",
                grouped(owners.winners),
                grouped(owners.losers),
                grouped(owners.same)
            ),
        );
        if let Some(csv) = &self.csv {
            page.fact("everybody in", csv.display().to_string());
        }
        if let Some(folder) = &self.published {
            page.fact("published in", folder.display().to_string());
        }
        totals(&self.totals, page);
        self.tables(page);
        self.people(page);
        page.title("Taken on trust");
        for sentence in &self.trust {
            page.line(&format!("  {sentence}"));
        }
        if !self.as_published {
            page.gap();
            page.bad("Some epochs do not lead to what was published: see above.");
        }
    }
}

impl Backtested {
    fn tables(&self, page: &mut Page) {
        page.title("By epoch");
        let columns = [
            Column::Number("epoch"),
            Column::Number("proofs"),
            Column::Number("accepted"),
            Column::Number("→"),
            Column::Number("points"),
            Column::Number("→"),
            Column::Number("tokens"),
            Column::Number("→"),
        ];
        page.table(
            &columns,
            self.epochs.iter().map(|it| {
                let mut row = vec![it.epoch.to_string(), grouped(it.received)];
                row.extend(counts(&it.accepted));
                row.extend(amounts(&it.points));
                row.extend(amounts(&it.tokens));
                row
            }),
        );
        page.title("By kind");
        let columns = [
            Column::Text("kind"),
            Column::Number("proofs"),
            Column::Number("accepted"),
            Column::Number("→"),
            Column::Number("points"),
            Column::Number("→"),
            Column::Number("data credits"),
            Column::Number("→"),
        ];
        page.table(
            &columns,
            self.kinds.iter().map(|it| {
                let mut row = vec![named(it.kind), grouped(it.received)];
                row.extend(counts(&it.accepted));
                row.extend(amounts(&it.points));
                row.extend([of_credits(it.credits.before), of_credits(it.credits.after)]);
                row
            }),
        );
        page.title("Proofs decided otherwise");
        if self.reasons.is_empty() {
            page.line("  none");
        } else {
            let columns = [
                Column::Text("kind"),
                Column::Text("before"),
                Column::Text("after"),
                Column::Number("proofs"),
            ];
            page.table(
                &columns,
                self.reasons.iter().map(|it| {
                    let proofs = grouped(it.proofs);
                    vec![
                        named(it.kind),
                        it.before.to_owned(),
                        it.after.to_owned(),
                        proofs,
                    ]
                }),
            );
        }
        groups("By class of the device", "class", &self.classes, page);
        groups("By country of the device", "country", &self.countries, page);
    }

    fn people(&self, page: &mut Page) {
        page.title("By tenths of people, who got least before first");
        let columns = [
            Column::Number("tenth"),
            Column::Number("people"),
            Column::Number("tokens"),
            Column::Number("→"),
            Column::Number("points"),
            Column::Number("→"),
            Column::Number("more"),
            Column::Number("less"),
        ];
        page.table(
            &columns,
            self.deciles.iter().map(|it| {
                let mut row = vec![it.decile.to_string(), grouped(it.owners)];
                row.extend(amounts(&it.tokens));
                row.extend(amounts(&it.points));
                row.extend([grouped(it.winners), grouped(it.losers)]);
                row
            }),
        );
        page.title(&format!("The {} most affected", self.most_affected.len()));
        let columns = [
            Column::Text("owner"),
            Column::Number("tokens"),
            Column::Number("→"),
            Column::Number("points"),
            Column::Number("→"),
            Column::Text(""),
        ];
        page.table(
            &columns,
            self.most_affected.iter().map(|it| {
                let mut row = vec![it.owner.to_string()];
                row.extend(amounts(&it.tokens));
                row.extend(amounts(&it.points));
                row.push(which_way(&it.tokens).to_owned());
                row
            }),
        );
    }
}

fn totals(totals: &Change<TotalsShown>, page: &mut Page) {
    page.title("Totals");
    let Change { before, after } = totals;
    let columns = [
        Column::Text(""),
        Column::Number("before"),
        Column::Number("after"),
    ];
    let amount = |label: &str, of: fn(&TotalsShown) -> Amount| {
        vec![label.to_owned(), of(before).grouped(), of(after).grouped()]
    };
    let count = |label: &str, of: fn(&TotalsShown) -> u64| {
        vec![label.to_owned(), grouped(of(before)), grouped(of(after))]
    };
    let mut rows = vec![
        count("proofs accepted", |it| it.accepted),
        count("proofs refused", |it| it.rejected),
        amount("points", |it| it.points),
        amount("emission", |it| it.emission),
        amount("tokens given", |it| it.tokens),
        amount("tokens kept", |it| it.unallocated),
    ];
    if before.credits.max(after.credits) > Credits::ZERO {
        rows.push(count("data credits", |it| it.credits.get()));
    }
    rows.push(count("members", |it| it.members));
    rows.push(count("waiting for a leaf", |it| it.waiting));
    page.table(&columns, rows);
}

fn groups(title: &str, what: &'static str, groups: &[GroupShown], page: &mut Page) {
    page.title(title);
    let columns = [
        Column::Text(what),
        Column::Number("accepted"),
        Column::Number("→"),
        Column::Number("points"),
        Column::Number("→"),
        Column::Number("worth in tokens"),
        Column::Number("→"),
    ];
    page.table(
        &columns,
        groups.iter().map(|it| {
            let mut row = vec![it.group.clone().unwrap_or_else(|| "none".to_owned())];
            row.extend(counts(&it.accepted));
            row.extend(amounts(&it.points));
            row.extend(amounts(&it.worth));
            row
        }),
    );
}

fn named(kind: Option<&'static str>) -> String {
    kind.unwrap_or("unreadable").to_owned()
}

fn counts(change: &Change<u64>) -> [String; 2] {
    [grouped(change.before), grouped(change.after)]
}

fn amounts(change: &Change<Amount>) -> [String; 2] {
    [change.before.grouped(), change.after.grouped()]
}

fn which_way(tokens: &Change<Amount>) -> &'static str {
    match tokens.after.base().cmp(&tokens.before.base()) {
        Ordering::Greater => "more",
        Ordering::Less => "less",
        Ordering::Equal => "",
    }
}
