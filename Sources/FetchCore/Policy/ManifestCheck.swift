/// What a run would say of its manifests before it asks the API anything.
public struct ManifestCheck: Sendable {
    private var seen = SeenJobs()
    /// Nil where no two jobs can want the same image name.
    private var names: NameClaims?
    /// Lines that the run would record so.
    public private(set) var recordedInvalid = 0
    public private(set) var recordedDuplicate = 0
    private var settledByStatus: [RecordStatus: Int] = [:]
    /// Jobs that the run has to do.
    public private(set) var jobs = 0
    /// The first of them that it would ask the API about.
    public private(set) var firstJob: JobID?
    /// The first job that the manifests name at all.
    public private(set) var firstNamed: JobID?
    /// Jobs whose image name another job wants too, or has.
    public private(set) var withTakenName = NamedJobs()
    /// Jobs whose line has no value for a placeholder of their image's name.
    public private(set) var withoutValue = NamedJobs()

    /// Some of the run's jobs, by their images' names: how many, and what the first one's line says.
    public struct NamedJobs: Sendable {
        public private(set) var count = 0
        public private(set) var first: First?

        public struct First: Sendable {
            public let manifest: String
            public let line: Int
            public let name: ImageName
            /// The job that has the name, or wants it too.
            public let otherJob: JobID?
        }

        mutating func add(_ entry: ManifestEntry, _ name: ImageName, otherJob: JobID? = nil) {
            count += 1
            if first == nil {
                first = First(manifest: entry.manifest, line: entry.line, name: name, otherJob: otherJob)
            }
        }
    }

    /// `names` tells which job has which image name; nil where no two jobs can want the same one.
    public init(names: NameClaims? = nil) {
        self.names = names
    }

    /// Takes in the next line. Returns the record that the run would write for it at once; nil when it is a job, or is
    /// settled.
    public mutating func take(_ item: ManifestItem) -> JobRecord? {
        if firstNamed == nil { firstNamed = item.jobID }
        switch seen.take(item) {
        case .job(let id):
            jobs += 1
            if firstJob == nil, !item.isTold { firstJob = id }
            checkName(item.entry, id)
            return nil
        case .settled(let status):
            settledByStatus[status, default: 0] += 1
            return nil
        case .ended(let record):
            if record.outcome.status == .invalid { recordedInvalid += 1 } else { recordedDuplicate += 1 }
            return record
        }
    }

    private mutating func checkName(_ entry: ManifestEntry, _ id: JobID) {
        guard let name = entry.imageName else { return }
        if name.lacksValue { withoutValue.add(entry, name) }
        guard let answer = names?.claim(name, for: id, key: 0), answer != .granted else { return }
        withTakenName.add(entry, name, otherJob: names?.holder(of: name))
    }

    /// Lines that were read.
    public var lines: Int { seen.lines }

    /// Lines that earlier runs have settled, of each kind and together.
    public func settled(as status: RecordStatus) -> Int { settledByStatus[status, default: 0] }
    public var settled: Int { settledByStatus.values.reduce(0, +) }

    /// Lines that are no job, also those that were recorded before.
    public var allInvalid: Int { recordedInvalid + settled(as: .invalid) }

    /// Whether no more lines are invalid than that. Duplicates do not count: each is a job that is fetched once.
    public func isAllowed(by tolerance: Tolerance) -> Bool {
        allInvalid == 0 || tolerance.allows(allInvalid, of: lines)
    }

    /// The job that tells most of the way to the API: the first that the run would ask about, or else the first of all.
    public var probe: JobID? { firstJob ?? firstNamed }
}

extension ManifestItem {
    fileprivate var jobID: JobID? {
        switch self {
        case .job(let id, _), .settled(let id, _, _), .told(let id, _, _): id
        case .invalid: nil
        }
    }

    fileprivate var isTold: Bool {
        if case .told = self { true } else { false }
    }
}
