import FetchCore
import Glibc

/// How many files the process may have open (RLIMIT_NOFILE), connections included.
///
/// The limit must never be met: the Swift runtime itself ends the program when it cannot open a file of its own.
enum OpenFileLimit {
    /// Raises the limit as far as the system allows without privileges, and returns it.
    static func raise() -> Int {
        var limit = rlimit()
        // What these calls refuse leaves the limit as it is, and a limit that is not told counts as the usual one.
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = min(limit.rlim_max, most)
            if wanted.rlim_cur > limit.rlim_cur,
                setrlimit(resource, &wanted) == 0
            {
                limit = wanted
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// More than the widest run needs: 1024 requests of four files each, and their backlog.
    private static let most: rlim_t = 8192

    /// Threads for the connections: one for each processor, as long as that helps, and one alone where files are few.
    static func eventLoops(limit: Int) -> Int {
        limit < 256 ? 1 : max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Narrows the policy to the limit, or refuses a limit that leaves no room for a single job.
    static func fit(_ policy: RunPolicy, limit: Int, eventLoops: Int) throws(StartFault) -> RunPolicy {
        // Before the first job are open: the streams, the manifest, results and directory, the signals, the event loops
        // with three each; and a reserve for what the runtime and the resolver open in passing.
        let base = 17 + 3 * eventLoops
        guard limit >= base + 3 else {
            throw StartFault(
                status: .configuration,
                message: "the limit of open files is \(limit); at least \(base + 3) are needed (ulimit -n)")
        }
        var policy = policy
        policy.fit(openFiles: limit - base)
        return policy
    }
}
