//! A relay in front of a server, which remembers what the server answered.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Passes bytes on, and keeps those of the answers.
pub struct Relay {
    pub address: SocketAddr,
    answers: Arc<Mutex<Vec<u8>>>,
}

impl Relay {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&answers);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(server) else { continue };
                let (to_client, to_server) = (client.try_clone(), server.try_clone());
                let (Ok(to_client), Ok(to_server), kept) =
                    (to_client, to_server, Arc::clone(&kept))
                else {
                    continue;
                };
                std::thread::spawn(move || pass_on(client, to_server, |_| ()));
                std::thread::spawn(move || {
                    pass_on(server, to_client, |bytes| kept.lock().unwrap().extend(bytes));
                });
            }
        });
        Self { address, answers }
    }

    /// How often the answers had these bytes.
    pub fn answered(&self, part: &[u8]) -> usize {
        self.answers.lock().unwrap().windows(part.len()).filter(|bytes| *bytes == part).count()
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, see: impl Fn(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        see(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
