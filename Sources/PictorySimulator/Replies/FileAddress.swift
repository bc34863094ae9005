/// The path of a job's file on the image host, from which job and url generation can be read back.
///
/// A path looks like the real one, `/images/user/<uuid>/<uuid>.png`. The last part is the job; the one before it is
/// made from the job and the seed and ends in the number of the url, so that the host needs no list of urls it gave out.
struct FileAddress: Equatable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case image = "/images/user/"
        /// Where a redirected image ends up.
        case movedImage = "/images/moved/"
        case video = "/videos/user/"

        var suffix: String { self == .video ? ".mp4" : ".png" }
    }

    let kind: Kind
    let job: JobID
    let generation: Int

    init(_ kind: Kind, _ job: JobID, generation: Int) {
        self.kind = kind
        self.job = job
        self.generation = generation
    }

    /// Reads a path; nil if it is not one that was made with this seed.
    init?(path: String, seed: UInt64) {
        guard let kind = Kind.allCases.first(where: { path.hasPrefix($0.rawValue) }), path.hasSuffix(kind.suffix)
        else { return nil }
        let parts = path.dropFirst(kind.rawValue.count).dropLast(kind.suffix.count)
            .split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let tag = JobID(parts[0]), let job = JobID(parts[1]) else { return nil }
        self.init(kind, job, generation: Int(tag.low & FileAddress.generationMask))
        guard self.tag(seed: seed) == tag else { return nil }
    }

    func path(seed: UInt64) -> String {
        kind.rawValue + tag(seed: seed).text + "/" + job.text + kind.suffix
    }

    private static let generationMask: UInt64 = 0xFFFF_FFFF

    private func tag(seed: UInt64) -> JobID {
        let high = SplitMix64.mix(seed &+ 0x5EED ^ job.low)
        let low = SplitMix64.mix(high ^ job.high) & ~FileAddress.generationMask
        return JobID(random: high, low | UInt64(generation) & FileAddress.generationMask)
    }
}
