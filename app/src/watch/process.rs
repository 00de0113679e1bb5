//! The process itself, as Linux shows it under `/proc/self`. Elsewhere nothing is told.

use std::fs;

/// What the system knows of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Bytes of memory in use.
    pub memory: u64,
    /// Threads.
    pub threads: u64,
    /// Open files and connections.
    pub files: u64,
}

impl Process {
    /// Reads it; `None` where the system does not show it.
    pub fn read() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        let files = fs::read_dir("/proc/self/fd").ok()?.count();
        Some(Self {
            memory: field("VmRSS:")? * 1024,
            threads: field("Threads:")?,
            // The one that reads the folder is not meant.
            files: u64::try_from(files).ok()?.saturating_sub(1),
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory_threads_and_files() {
        let process = Process::read().unwrap();
        assert!(process.memory > 1 << 20 && process.threads >= 1 && process.files >= 3, "{process:?}");
    }
}
