//! Stocks 재고: the desk's store. One counter a stock; what is gone is gone, however many press at once. What somebody was
//! granted they hold until they redeem it, once.

use std::collections::BTreeMap;

use crate::sim::engine::Engine;
use crate::sim::model::ids::{PersonId, StockId};

/// How many of each stock have been granted.
#[derive(Clone, Debug, Default)]
pub struct Stocks {
    granted: Vec<u32>,
    /// How many of each people hold; only of stocks that some rule redeems.
    held: BTreeMap<(StockId, PersonId), u32>,
}

impl Stocks {
    /// Full stocks.
    pub fn new(stocks: usize) -> Stocks {
        Stocks { granted: vec![0; stocks], held: BTreeMap::new() }
    }
}

impl Engine {
    /// Takes one of a stock: which one it is, counting from 1; `None` when the stock is gone.
    pub(in crate::sim::engine) fn take_from(&mut self, stock: StockId) -> Option<u32> {
        let count = self.plan.services.stocks[stock.index()].count;
        let granted = &mut self.stocks.granted[stock.index()];
        if count.is_some_and(|count| *granted >= count) {
            return None;
        }
        *granted = granted.saturating_add(1);
        Some(*granted)
    }

    /// The person holds one more, if it can ever be redeemed.
    pub(in crate::sim::engine) fn hold_one(&mut self, person: PersonId, stock: StockId) {
        if self.plan.desk.iter().any(|rule| rule.terms.redeem == Some(stock)) {
            *self.stocks.held.entry((stock, person)).or_default() += 1;
        }
    }

    /// Takes one back from the person; `false` if they hold none.
    pub(in crate::sim::engine) fn redeem_one(&mut self, person: PersonId, stock: StockId) -> bool {
        match self.stocks.held.get_mut(&(stock, person)) {
            Some(held) if *held > 0 => {
                *held -= 1;
                true
            }
            Some(_) | None => false,
        }
    }
}
