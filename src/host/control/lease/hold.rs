//! What holds time, and gives it free when it is dropped: work for an application, news that nobody has looked at, an alarm, and the
//! drive's own word that it waits.

use std::sync::Arc;

use super::Leases;

/// Work on behalf of an application: time stands until this is dropped.
#[derive(Debug)]
pub struct InFlight {
    pub(super) leases: Arc<Leases>,
    pub(super) what: &'static str,
}

/// A promise to look at every piece of news (`Run::news`): from the moment when it comes until it has been looked at,
/// time stands. For whoever delivers webhooks: look, take an [`InFlight`] for each, then say [`Attending::looked`].
#[derive(Debug)]
pub struct Attending {
    pub(super) leases: Arc<Leases>,
    pub(super) number: u32,
}

/// Something to be done at an instant: time does not pass it before this is dropped.
#[derive(Debug)]
pub struct Alarm {
    pub(super) leases: Arc<Leases>,
    pub(super) number: u64,
}

/// The drive has nothing to do at this instant, as long as this is not dropped.
#[derive(Debug)]
pub struct DriveWaits<'a>(pub(super) &'a Leases);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut book = self.leases.book();
        if let Some(count) = book.in_flight.get_mut(self.what) {
            *count -= 1;
            if *count == 0 {
                book.in_flight.remove(self.what);
            }
        }
        let quiet = book.in_flight.is_empty();
        drop(book);
        if quiet {
            self.leases.tell();
        }
    }
}

impl Attending {
    /// All news that came before has been looked at, and holds time by itself where it must.
    pub fn looked(&self) {
        if let Some(unseen) = self.leases.book().attending.get_mut(&self.number) {
            *unseen = false;
        }
        self.leases.tell();
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let mut book = self.leases.book();
        book.alarms.remove(&self.number);
        book.wake();
        drop(book);
        self.leases.tell();
    }
}

impl Drop for DriveWaits<'_> {
    fn drop(&mut self) {
        self.0.book().drive_waits = false;
    }
}

impl Drop for Attending {
    fn drop(&mut self) {
        self.leases.book().attending.remove(&self.number);
        self.leases.tell();
    }
}
