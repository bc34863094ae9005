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
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = min(limit.rlim_max, most)
            if wanted.rlim_cur > limit.rlim_cur,
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0
            {
                limit = wanted
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// More than the widest run needs: 1024 requests of three files each, and their backlog.
    private static let most: rlim_t = 8192

    /// What the process has open before the first job: its streams, the manifest, results and directory, the signals,
    /// the event loops with three each, and a reserve of two for what the runtime and the resolver open in passing.
    static func base(eventLoops: Int) -> Int { 16 + 3 * eventLoops }

    /// Narrows the policy to the limit, or refuses a limit that leaves no room for a single job.
    static func fit(_ policy: RunPolicy, limit: Int, eventLoops: Int) throws(StartFault) -> RunPolicy {
        let base = base(eventLoops: eventLoops)
        guard limit >= base + 2 else {
            throw StartFault(
                status: .configuration,
                message: "the limit of open files is \(limit); at least \(base + 2) are needed (ulimit -n)")
        }
        var policy = policy
        policy.fit(openFiles: limit - base)
        return policy
    }
}
