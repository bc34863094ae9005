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
            var bytes = [UInt8](repeating: 0, count: limit + 1)
            var length = 0
            while length < bytes.count {
                let count = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(SystemError) -> Int? in
                    try file.read(
                        into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[length...])))
                }
                guard let count, count > 0 else { break }
                length += count
            }
            if length <= limit { return Array(bytes[..<length]) }
        } catch {
            throw .unreadable("\(error)")
        }
        throw .tooLarge(limit: limit)
    }
}
