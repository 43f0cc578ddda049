//! Stocks 재고: the desk's store. One counter a stock; what is gone is gone, however many press at once.

use crate::sim::engine::Engine;
use crate::sim::model::ids::StockId;

/// How many of each stock have been granted.
#[derive(Clone, Debug, Default)]
pub struct Stocks {
    granted: Vec<u32>,
}

impl Stocks {
    /// Full stocks.
    pub fn new(stocks: usize) -> Stocks {
        Stocks { granted: vec![0; stocks] }
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
}
