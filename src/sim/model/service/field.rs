//! What a field of a service's event can be: ids, numbers, truths, and names of the plan's tables. Words of our own are
//! in `word`.

use crate::sim::model::ids::{AttemptId, ChannelId, CounterId, FaultId, KindId, NoticeId, PersonId, StateId, StockId};
use crate::sim::model::service::{Field, Named, Sink, Source, Table};

impl Field for PersonId {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        sink.person(key, self);
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<PersonId, String> {
        source.person(key)
    }

    fn person(self) -> Option<PersonId> {
        Some(self)
    }
}

impl Field for NoticeId {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        sink.notice(key, self);
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<NoticeId, String> {
        source.notice(key)
    }

    fn notice(self) -> Option<NoticeId> {
        Some(self)
    }
}

impl Field for AttemptId {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        sink.attempt(key, self);
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<AttemptId, String> {
        source.attempt(key)
    }

    fn notice(self) -> Option<NoticeId> {
        Some(self.notice)
    }

    fn attempt(self) -> Option<AttemptId> {
        Some(self)
    }
}

impl Field for bool {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        sink.truth(key, self);
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<bool, String> {
        source.truth(key)
    }
}

impl Field for u32 {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        sink.number(key, u64::from(self));
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<u32, String> {
        source.number(key)?.try_into().map_err(|_| format!("field '{key}' is too large"))
    }
}

impl Field for Option<FaultId> {
    fn write(self, key: &str, sink: &mut dyn Sink) {
        if let Some(fault) = self {
            sink.name(key, Named { table: Table::Fault, place: fault.index() });
        }
    }

    fn read(key: &str, source: &mut dyn Source) -> Result<Option<FaultId>, String> {
        Ok(source.name(key, Table::Fault)?.map(|place| FaultId(place as u16)))
    }

    fn fault(self) -> Option<FaultId> {
        self
    }
}

macro_rules! names {
    ($($type:ident in $table:ident),+ $(,)?) => {
        $(impl Field for $type {
            fn write(self, key: &str, sink: &mut dyn Sink) {
                sink.name(key, Named { table: Table::$table, place: self.index() });
            }

            fn read(key: &str, source: &mut dyn Source) -> Result<$type, String> {
                let place = source.name(key, Table::$table)?.ok_or_else(|| format!("no field '{key}'"))?;
                Ok($type(place as u16))
            }
        })+
    };
}

names! { ChannelId in Channel, KindId in Kind, CounterId in Counter, StockId in Stock, StateId in State }
