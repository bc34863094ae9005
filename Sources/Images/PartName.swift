import FetchCore
import Files
import Glibc

/// The temporary name of an image, `.pictory-fetch-<job id>-<random>.part`.
///
/// The dot hides it from patterns such as `*.png`; the random number keeps two runs apart that fetch the same job.
struct PartName: Sendable, Equatable {
    let text: String

    private static let prefix = ".pictory-fetch-"
    private static let suffix = ".part"
    /// A job id, a hyphen and 16 hexadecimal digits.
    private static let middleLength = JobID.length + 1 + 16

    /// Attempts at a name that is still free: one does, unless somebody guesses the numbers.
    private static let attemptLimit = 8

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

    /// Creates an empty file under a new name, and locks it for as long as it is open.
    ///
    /// Whatever stands at a name already, be it a link or a FIFO, is neither followed nor opened. The lock tells other
    /// runs that the file is in use; see ``AbandonedFiles``.
    static func create(
        for id: JobID, in directory: Descriptor, randomNumber: () -> UInt64
    ) throws(SystemError) -> (Descriptor, PartName) {
        for _ in 0..<attemptLimit {
            let name = PartName(id: id, number: randomNumber())
            let descriptor: Descriptor
            do {
                descriptor = try Descriptor.open(
                    name.text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o666, in: directory)
            } catch let error where error.code == EEXIST {
                continue
            }
            if try descriptor.lockAsInUse() { return (descriptor, name) }
        }
        throw SystemError(EEXIST)
    }
}
