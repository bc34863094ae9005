import FetchCore

/// The temporary name of an image, `.pictory-fetch-<job id>-<random>.part`.
///
/// The dot hides it from patterns such as `*.png`; the random number keeps apart two runs that fetch the same job.
struct PartName: Sendable, Equatable {
    let text: String

    private static let prefix = ".pictory-fetch-"
    private static let suffix = ".part"
    /// A job id, a hyphen and 16 hexadecimal digits.
    private static let middleLength = JobID.length + 1 + 16

    init(id: JobID, number: UInt64) {
        var text = Self.prefix
        text += id.description
        text += "-"
        let digits = String(number, radix: 16)
        for _ in digits.utf8.count..<16 { text += "0" }
        text += digits
        text += Self.suffix
        self.text = text
    }

    /// Recognises a name of this form; nil for every other file.
    init?(_ text: String) {
        let bytes = text.utf8
        guard text.hasPrefix(Self.prefix), text.hasSuffix(Self.suffix),
            bytes.count == Self.prefix.utf8.count + Self.middleLength + Self.suffix.utf8.count,
            JobID(Substring(bytes.dropFirst(Self.prefix.utf8.count).prefix(JobID.length))) != nil
        else { return nil }
        self.text = text
    }
}
