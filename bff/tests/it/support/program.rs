//! An instance that runs as the program does, and can be told to stop.

use super::{
    HostileApp,
    server::{PLACES, free_port, url},
};
use bff::{AppState, Config, serve};
use tokio::{sync::oneshot, task::JoinHandle};

pub(crate) struct Program {
    pub(crate) url: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl HostileApp {
    /// Another instance with the same settings and store.
    pub(crate) async fn start_program(&self) -> Program {
        self.start_program_with(PLACES).await
    }

    /// One that can hold so many connections at a time.
    pub(crate) async fn start_program_with(&self, places: usize) -> Program {
        let config = Config::read(|name| self.settings.get(name).cloned()).unwrap();
        let app = AppState::new(config, self.clock.clone(), places)
            .await
            .unwrap();
        let (public, admin) = (free_port().await, free_port().await);
        let (stop, told) = oneshot::channel();
        Program {
            url: url(&public),
            stop,
            running: tokio::spawn(serve::run(app, public.into(), admin.into(), async {
                let _ = told.await;
            })),
        }
    }
}

impl Program {
    /// Answers what is done when it has ended.
    pub(crate) fn ask_to_stop(self) -> JoinHandle<()> {
        let _ = self.stop.send(());
        self.running
    }
}
