import Glibc

/// Reads files whole, up to a limit.
public enum SmallFile {
    /// Reads all bytes of a file, at most `limit`; a pipe is read until its writer has closed it.
    public static func read(_ path: String, limit: Int) throws(SmallFileError) -> [UInt8] {
        do throws(SystemError) {
            let file = try Descriptor.open(path, O_RDONLY | O_NOCTTY)
            if let bytes = try file.readAll(limit: limit) { return bytes }
        } catch {
            throw .unreadable("\(error)")
        }
        throw .tooLarge(limit: limit)
    }
}

/// Why a file was not read.
public enum SmallFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// In the system's words.
    case unreadable(String)
    /// It has more bytes than this.
    case tooLarge(limit: Int)

    /// The end of a sentence for a person, which names the file.
    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        }
    }
}
