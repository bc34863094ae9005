/// Where a job's image goes, and what becomes of a file that is there already.
public struct ImagePlace: Sendable, Equatable {
    /// Nil for the job's own name, `<job id>.png`.
    public let name: ImageName?
    public let existing: ExistingFile

    public enum ExistingFile: Sendable, Equatable {
        /// It is replaced: no other job wants the name.
        case replaced
        /// It stays, and the job has its image only if that is the same. Where a record says that the job's image had the
        /// name, that image, and a file that is cut short, are replaced all the same.
        case kept(unless: ImageMark?)
    }

    public init(name: ImageName?, existing: ExistingFile) {
        self.name = name
        self.existing = existing
    }

    /// The job's own name, which no other job wants.
    public static let ofJobID = ImagePlace(name: nil, existing: .replaced)
}

/// By what an image is known again, of which there may be a million: its size, and the beginning of its SHA-256.
public struct ImageMark: Sendable, Equatable {
    public let bytes: Int
    /// The first 8 bytes of the sum.
    private let sum: UInt64

    /// Nil unless the sum begins with 16 hexadecimal digits.
    public init?(bytes: Int, sha256: String) {
        guard let sum = UInt64(sha256.prefix(16), radix: 16) else { return nil }
        self.bytes = bytes
        self.sum = sum
    }
}
