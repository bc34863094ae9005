import Glibc

/// What the process's limit on open files means for the number of requests at once.
///
/// The limit must never be met: a connection that cannot be opened for want of a number looks like a broken network, an
/// image that cannot be created looks like a broken disk, and the runtime itself ends a process that has none left.
enum OpenFiles {
    /// Streams, timers, manifests, results and directory, and what the libraries open now and then.
    private static let reserve = 42
    /// There is an event loop for every core, and each has its own descriptors.
    private static let perCore = 3
    /// A connection, one more that is being closed, a part file, and up to three that wait for the disk.
    private static let perRequest = 6

    /// Raises the limit as far as is allowed without privilege, and returns how many requests it has room for.
    static func mostRequests() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(resource, &limit) != 0 {
            limit.rlim_cur = soft
        }
        let files = Int(clamping: limit.rlim_cur)
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return max(1, (files - reserve - perCore * cores) / perRequest)
    }
}
