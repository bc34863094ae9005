import DequeModule
import HeapModule

/// The hosts that images come from, each with the downloads that wait for it.
///
/// Every host has its own pace and its own refusals, so that one in trouble does not delay the images of another.
struct ImageHosts {
    /// Names a host while the run knows it.
    typealias Number = Int

    struct Host {
        var origin: Origin
        /// Jobs whose image can be fetched now.
        fileprivate(set) var ready: Deque<Scheduler.Key> = []
        /// Jobs that wait for another attempt, by when it is due.
        fileprivate(set) var waiting: Heap<DueJob> = []
        /// Jobs that have a url of this host and are not at their end.
        fileprivate var jobs = 0
    }

    private let policy: RunPolicy
    private(set) var hosts: [Host] = []
    private var numbers: [Substring: Number] = [:]
    /// Places in `hosts` whose host was forgotten.
    private var free: [Number] = []
    /// Where the search for the next download begins, so that every host gets its turn.
    private var turn = 0

    /// Images of a run come from one or two hosts. From this many on, those without jobs are forgotten first.
    static let most = 256

    init(policy: RunPolicy) {
        self.policy = policy
    }

    subscript(number: Number) -> Host {
        get { hosts[number] }
        _modify { yield &hosts[number] }
    }

    /// Jobs that wait for another attempt at their download.
    var waitingCount: Int { hosts.reduce(0) { $0 + $1.waiting.count } }

    /// Notes that a job has a url, and returns the number of its host. The caller reports the job's end by ``leave(_:)``.
    mutating func enter(url: String) -> Number {
        let name = Self.origin(of: url)
        let number = numbers[name] ?? add(name)
        hosts[number].jobs += 1
        return number
    }

    mutating func leave(_ number: Number) { hosts[number].jobs -= 1 }

    mutating func append(_ key: Scheduler.Key, to number: Number) {
        hosts[number].ready.append(key)
    }

    mutating func insert(_ job: DueJob, to number: Number) {
        hosts[number].waiting.insert(job)
    }

    /// The job whose download may go out now; nil if none may.
    ///
    /// `next` becomes the moment at which the next one may, if that is earlier. A job that waits after a fault goes
    /// before a new one.
    mutating func admit(at now: Duration, next: inout Duration?) -> Scheduler.Key? {
        for step in hosts.indices {
            let number = (turn + step) % hosts.count
            let due = hosts[number].waiting.min
            let dueKey = due.flatMap { $0.at <= now ? $0.key : nil }
            guard let key = dueKey ?? hosts[number].ready.first else {
                if let due { next = min(next ?? due.at, due.at) }
                continue
            }
            switch hosts[number].origin.admit(key, at: now) {
            case .admitted:
                if dueKey != nil { hosts[number].waiting.removeMin() } else { hosts[number].ready.removeFirst() }
                turn = (number + 1) % hosts.count
                return key
            case .at(let moment): next = min(next ?? moment, moment)
            case .afterProbe, .never: break
            }
        }
        return nil
    }

    /// Takes out the downloads of hosts that are not asked any more, with the failure that they end with.
    mutating func removeRefused(at now: Duration) -> [(keys: [Scheduler.Key], failure: JobFailure)] {
        hosts.indices.compactMap { number in
            hosts[number].origin.failureOfTheRefused(at: now).map { (removeAll(of: number), $0) }
        }
    }

    /// Takes out all downloads that are not on the wire.
    mutating func removeAll() -> [Scheduler.Key] {
        hosts.indices.flatMap { removeAll(of: $0) }
    }

    private mutating func removeAll(of number: Number) -> [Scheduler.Key] {
        let keys = Array(hosts[number].ready) + hosts[number].waiting.unordered.sorted().map(\.key)
        hosts[number].ready.removeAll()
        hosts[number].waiting = []
        return keys
    }

    /// The host in the most trouble, for a person who watches.
    var standing: Progress.Origin {
        // Asked for after each event, and nearly always the only host is open.
        var worst = Progress.Origin.open
        for host in hosts {
            let standing = host.origin.standing
            if worst.trouble < standing.trouble { worst = standing }
        }
        return worst
    }

    private mutating func add(_ name: Substring) -> Number {
        if numbers.count >= Self.most { forgetTheIdle() }
        let host = Host(origin: Origin(policy: policy))
        let number = free.popLast() ?? hosts.count
        if number < hosts.count { hosts[number] = host } else { hosts.append(host) }
        numbers[name] = number
        return number
    }

    private mutating func forgetTheIdle() {
        for (name, number) in numbers where hosts[number].jobs == 0 {
            numbers[name] = nil
            free.append(number)
        }
    }

    /// Scheme, host and port as the API spelled them. Another spelling of a host is another one here, which costs
    /// nothing but a pace of its own.
    private static func origin(of url: String) -> Substring {
        let bytes = url.utf8
        let slash = UInt8(ascii: "/")
        guard let scheme = bytes.firstIndex(of: slash) else { return "" }
        let host = bytes[scheme...].drop { $0 == slash }
        return url[..<(host.firstIndex(of: slash) ?? bytes.endIndex)]
    }
}
