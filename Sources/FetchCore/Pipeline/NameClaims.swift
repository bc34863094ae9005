/// Which job has which image name, where two jobs may want the same one.
///
/// The first job whose image is kept has the name, and so has a job to which the records of earlier runs give it. A job
/// asks once its image can be downloaded. While the image of another job is on its way to the name, it waits until that
/// is kept or has failed.
public struct NameClaims: Sendable {
    /// What a job is told that wants a name.
    enum Answer: Equatable {
        /// It may have its image downloaded.
        case granted
        /// It is called up when the name is free, or told that it is not, see ``keep(_:by:)`` and ``release(_:by:)``.
        case waiting
        case taken(by: JobID)
    }

    private struct Claim {
        var holder: JobID
        /// Jobs that want the name too, in the order in which they asked.
        var waiting: [(key: Scheduler.Key, id: JobID)] = []
    }

    private let recorded: RecordedNames
    private var kept: [NameDigest: JobID] = [:]
    /// Names to which images are on their way; there are no more of them than unfinished jobs.
    private var claims: [NameDigest: Claim] = [:]
    /// Jobs that wait for another one.
    private(set) var waitingCount = 0

    public init(recorded: RecordedNames = RecordedNames()) {
        self.recorded = recorded
    }

    /// Asks for a name. A job that holds it already may ask again.
    mutating func claim(_ name: ImageName, for id: JobID, key: Scheduler.Key) -> Answer {
        let digest = NameDigest(name.text)
        if let owner = recorded[digest]?.job ?? kept[digest] { return owner == id ? .granted : .taken(by: owner) }
        guard let claim = claims[digest] else {
            claims[digest] = Claim(holder: id)
            return .granted
        }
        guard claim.holder != id else { return .granted }
        claims[digest]?.waiting.append((key, id))
        waitingCount += 1
        return .waiting
    }

    /// The job that has the name, or whose image is on its way to it.
    func holder(of name: ImageName) -> JobID? {
        let digest = NameDigest(name.text)
        return recorded[digest]?.job ?? kept[digest] ?? claims[digest]?.holder
    }

    /// The image that the job has under this name by the records of earlier runs; nil if they tell of none.
    func recordedImage(named name: ImageName, of id: JobID) -> ImageMark? { recorded.image(named: name, of: id) }

    /// Notes that the job's image has the name now. Returns the jobs that waited for it, and do not get it.
    mutating func keep(_ name: ImageName, by id: JobID) -> [Scheduler.Key] {
        let digest = NameDigest(name.text)
        guard let claim = claims[digest], claim.holder == id else { return [] }
        claims[digest] = nil
        kept[digest] = id
        waitingCount -= claim.waiting.count
        return claim.waiting.map(\.key)
    }

    /// Notes that the job has come to its end without an image. Returns the job that has the name next, if one waits.
    mutating func release(_ name: ImageName, by id: JobID) -> Scheduler.Key? {
        let digest = NameDigest(name.text)
        guard var claim = claims[digest], claim.holder == id else { return nil }
        guard !claim.waiting.isEmpty else {
            claims[digest] = nil
            return nil
        }
        let next = claim.waiting.removeFirst()
        claim.holder = next.id
        claims[digest] = claim
        waitingCount -= 1
        return next.key
    }

    /// Takes out all jobs that wait for another one, in the order of their keys.
    mutating func removeWaiting() -> [Scheduler.Key] {
        guard waitingCount > 0 else { return [] }
        var keys: [Scheduler.Key] = []
        for (digest, claim) in claims where !claim.waiting.isEmpty {
            keys += claim.waiting.map(\.key)
            claims[digest]?.waiting = []
        }
        waitingCount = 0
        return keys.sorted()
    }
}

/// The names that records of earlier runs give to jobs' images.
public struct RecordedNames: Sendable {
    private var images: [NameDigest: Image] = [:]

    fileprivate struct Image {
        let job: JobID
        let mark: ImageMark
    }

    public init() {}

    /// Notes what the next record says: where two jobs had the name one after the other, the later one has it.
    public mutating func note(_ name: String, _ image: ImageMark, of id: JobID) {
        images[NameDigest(name)] = Image(job: id, mark: image)
    }

    /// The job that has the name; nil if no record gives it to one.
    public func holder(of name: ImageName) -> JobID? { self[NameDigest(name.text)]?.job }

    /// The image that the job has under this name; nil if no record gives the name to the job.
    func image(named name: ImageName, of id: JobID) -> ImageMark? {
        self[NameDigest(name.text)].flatMap { $0.job == id ? $0.mark : nil }
    }

    fileprivate subscript(digest: NameDigest) -> Image? { images[digest] }
}

/// Stands for a name, of which there may be a million, in 16 bytes.
///
/// Two names have the same one with a chance of one in 2^128. Nobody can look for two such names, because the standard
/// library's hash has a secret of the process in it.
private struct NameDigest: Hashable {
    private let high: Int
    private let low: Int

    init(_ name: String) {
        var halves = (Hasher(), Hasher())
        halves.0.combine(0 as UInt8)
        halves.1.combine(1 as UInt8)
        var name = name
        // The bytes: the hash of a string is the same for all that look alike.
        name.withUTF8 { bytes in
            halves.0.combine(bytes: UnsafeRawBufferPointer(bytes))
            halves.1.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        (high, low) = (halves.0.finalize(), halves.1.finalize())
    }
}
