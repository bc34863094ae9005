import Glibc

/// A file that is read whole because it has to be small.
public enum SmallFile {
    /// Why a file was not read.
    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
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

    /// All bytes of a file, of which there are no more than `limit`; of a pipe, once its writer is done.
    public static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        do throws(SystemError) {
            let file = try Descriptor.open(path, O_RDONLY | O_NOCTTY)
            if let bytes = try file.readAll(limit: limit) { return bytes }
        } catch {
            throw .unreadable("\(error)")
        }
        throw .tooLarge(limit: limit)
    }
}
