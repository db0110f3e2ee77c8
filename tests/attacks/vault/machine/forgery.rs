//! What keepers say everybody has: honest growth, and every way to lie about it.

use std::collections::BTreeSet;

use cairn_merkle::{Node, RewardLeaf, Tokens};
use cairn_testkit::{Member, Rewards};
use cairn_tree::Tree;
use solana_sdk::pubkey::Pubkey;

use super::{
    MEMBERS, Play, member,
    model::{Root, Totals},
};

impl Play {
    /// Mostly honest growth; sometimes tokens moved between members, taken back, given to another owner, beyond a cap, or
    /// sums that lie. And whether it is a forgery.
    pub fn next_root(&mut self) -> (Root, bool) {
        let mut leaves = self.grown();
        let forgery = self.roll(14);
        let (from, to) = (self.some_of(&leaves), self.some_of(&leaves));
        match forgery {
            0 => {
                let moved = std::mem::take(&mut leaves[from].tokens);
                leaves[to].tokens += moved;
            }
            1 => {
                let moved = leaves[from].tokens / 2;
                leaves[from].tokens -= moved;
                leaves[to].tokens += moved;
            }
            2 => leaves[to].tokens += 20_000,
            3 => leaves[from].owner = leaves[to].owner,
            4 => {
                let moved = std::mem::take(&mut leaves[from].points);
                leaves[to].points += moved;
            }
            7 => leaves[to].points += 900_000,
            10 => leaves[to].credits += 90_000,
            8 => leaves[from].tokens /= 2,
            9 => (leaves[from].points, leaves[to].credits) = (0, 1_000),
            _ => {}
        }
        (self.root(&leaves, forgery), forgery <= 10)
    }

    /// The members of the last root that was not taken back, with what they earned since; and whatever was taken out
    /// against one that was, as the first member's.
    fn grown(&mut self) -> Vec<Member> {
        let mut leaves: Vec<Member> = match self.yard().standing() {
            Some(root) => root.rewards.leaves().iter().map(member_of).collect(),
            None => (0..3)
                .map(|index| Member::with_tokens(member(index), 0))
                .collect(),
        };
        let count = u32::try_from(leaves.len()).unwrap();
        if count < MEMBERS && self.roll(3) == 0 {
            leaves.push(Member::with_tokens(member(count), 0));
        }
        if self.yard().correction_due {
            let (stated, granted) = (self.yard().totals, totals(&leaves));
            leaves[0].tokens += stated.tokens.saturating_sub(granted.tokens);
            leaves[0].points += stated.points.saturating_sub(granted.points);
            leaves[0].credits += stated.credits.saturating_sub(granted.credits);
        }
        for leaf in &mut leaves {
            leaf.tokens += u64::from(self.roll(900));
            leaf.points += u64::from(self.roll(5_000));
            leaf.credits += u64::from(self.roll(20));
        }
        leaves
    }

    fn some_of(&mut self, leaves: &[Member]) -> usize {
        let count = u32::try_from(leaves.len()).unwrap();
        usize::try_from(self.roll(count)).unwrap()
    }

    fn root(&mut self, leaves: &[Member], forgery: u32) -> Root {
        let rewards = Rewards::new(&self.scene.pool, leaves);
        let mut unprovable = BTreeSet::new();
        let forged = matches!(forgery, 5 | 6).then(|| {
            // One leaf stands in the tree with another sum than its own: more room for others, or less.
            let mut nodes: Vec<Node> = rewards.leaves().iter().map(RewardLeaf::node).collect();
            let at = self.some_of(leaves);
            let sum = nodes[at].sum().get();
            let lie = if forgery == 5 {
                sum / 2
            } else {
                sum + self.units(500)
            };
            nodes[at] = Node::new(nodes[at].hash, Tokens::new(lie));
            if lie != sum {
                unprovable.insert(u32::try_from(at).unwrap());
            }
            Tree::from_nodes(&self.scene.pool.to_bytes(), nodes).unwrap()
        });
        // A root's points and credits are words alone: sometimes they promise less than the leaves.
        let shy = u64::from(self.roll(8) == 0);
        let granted = totals(leaves);
        Root {
            points: granted.points >> shy,
            credits: granted.credits >> shy,
            rewards,
            forged,
            unprovable,
        }
    }
}

fn totals(leaves: &[Member]) -> Totals {
    let total = |field: fn(&Member) -> u64| -> u64 { leaves.iter().map(field).sum() };
    Totals {
        tokens: total(|leaf| leaf.tokens),
        points: total(|leaf| leaf.points),
        credits: total(|leaf| leaf.credits),
        ..Totals::default()
    }
}

fn member_of(leaf: &RewardLeaf) -> Member {
    Member {
        owner: Pubkey::new_from_array(leaf.owner),
        tokens: leaf.tokens.get(),
        points: leaf.points.get(),
        credits: leaf.credits.get(),
    }
}
