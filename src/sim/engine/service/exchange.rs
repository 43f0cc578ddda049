//! Documents between offices: each is a notice to the office that gets it, written by another.

use crate::sim::dice::Subject;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::{Engine, NOTICES_MAX};
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::NoticeId;
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::SenderDrive;
use crate::sim::time::Span;

impl Engine {
    /// Sets the instant of each document of an `exchange:` line.
    pub(super) fn plan_exchanges(&mut self) {
        let plan = self.plan.clone();
        if plan.sender.drive == SenderDrive::External {
            return;
        }
        for (of, line) in plan.services.exchanges.iter().enumerate() {
            for row in 0..line.count {
                let micros = u128::from(line.over.micros()) * u128::from(row) / u128::from(line.count.max(1));
                let at = line.at + Span::from_micros(micros as u64);
                self.agenda.set(at, Alarm::Duty { duty: Duty::Exchange, of: of as u16, row });
            }
        }
    }

    /// One office writes to another.
    pub(super) fn exchange_next(&mut self, of: u16, row: u32) {
        let plan = self.plan.clone();
        let line = &plan.services.exchanges[usize::from(of)];
        let offices = self.listed(&line.among);
        if offices.len() < 2 || self.notices.len() >= NOTICES_MAX {
            return;
        }
        let key = u64::from(of) << 32 | u64::from(row);
        let writer = plan.seed.pick(offices.len() as u64, Subject::Exchange, key, 0) as usize;
        let step = 1 + plan.seed.pick(offices.len() as u64 - 1, Subject::Exchange, key, 1) as usize;
        let (writer, reader) = (offices[writer], offices[(writer + step) % offices.len()]);
        let notice = NoticeId(self.notices.len() as u32);
        self.writers.insert(notice, writer);
        self.emit(EventKind::Service(ServiceEvent::DocumentSent { notice, writer }));
        self.create(line.kind, reader, None);
    }
}
