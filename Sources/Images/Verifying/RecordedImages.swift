public import FetchCore
import Files
import Glibc
import Records

/// The images that results files tell of: of every job whose last record is `downloaded`, what that says.
///
/// There may be a million, so each takes 80 bytes, and some 40 more while the records are read: its id and its SHA-256
/// as numbers, and its directory once for all images in it.
public struct RecordedImages: Sendable {
    private struct Entry: Sendable {
        let id: JobID
        let sha256: SHA256Sum
        let bytes: Int
        let width: UInt32
        let height: UInt32
        let line: UInt32
        /// Among ``paths``: the directory, or the whole path if that does not end in the job's own file name.
        let path: UInt32
        let results: UInt32
        let isIrregular: Bool
        /// A later record says that there is no image.
        var isWithdrawn = false
    }

    private var entries: [Entry] = []
    private var paths: [String] = []
    private let results: [String]
    /// All recorded sizes together.
    public private(set) var totalBytes: Int64 = 0

    /// Reads results files in this order, each to its end; `-` is standard input. Of each job the last record counts.
    ///
    /// A torn last record, such as a killed run leaves, is passed over; anything else that is no record is refused.
    public init(reading results: [String]) throws(UnreadableResults) {
        self.results = results
        var builder = Builder()
        for (number, path) in results.enumerated() {
            do throws(RecordLines.Fault) {
                let file = try Self.open(path)
                _ = try RecordLines.read(file) { record, line, reader, text in
                    guard case .job(let id, let end) = record.end else { return true }
                    guard case .downloaded = end else {
                        builder.noteNoImage(of: id)
                        return true
                    }
                    guard let image = reader.image(in: text) else { return false }
                    builder.note(image, of: id, line: line, results: number)
                    return true
                }
            } catch {
                let noun = path == "-" ? "the results on standard input" : "the results file \(path)"
                throw UnreadableResults("\(noun) cannot be read: \(error)")
            }
        }
        (entries, paths) = builder.finish()
        totalBytes = entries.reduce(0) { $0 + Int64($1.bytes) }
    }

    /// How many images there are.
    public var count: Int { entries.count }

    /// What is recorded of an image, in the order in which the records first name its job.
    public subscript(position: Int) -> RecordedImage {
        let entry = entries[position]
        let path = paths[Int(entry.path)]
        return RecordedImage(
            id: entry.id,
            // A directory ends in a slash, or is empty, and no file's path does or is.
            path: path.isEmpty || path.hasSuffix("/") ? path + ImagePart.name(of: entry.id) : path,
            bytes: entry.bytes, width: Int(entry.width), height: Int(entry.height), sha256: entry.sha256.hex,
            isIrregular: entry.isIrregular, results: results[Int(entry.results)], line: Int(entry.line))
    }

    private static func open(_ path: String) throws(RecordLines.Fault) -> Descriptor {
        do {
            return try path == "-" ? Descriptor.copy(of: STDIN_FILENO) : Descriptor.open(path, O_RDONLY | O_NOCTTY)
        } catch {
            throw .notReadable(error)
        }
    }

    /// What is needed while the files are read and not after.
    private struct Builder {
        /// Where each job stands among the entries.
        private var positions: [JobID: UInt32] = [:]
        private var entries: [Entry] = []
        private var paths: [String] = []
        private var pathNumbers: [String: UInt32] = [:]

        /// What is left to be verified, and where it lies.
        consuming func finish() -> ([Entry], [String]) {
            // In place: a copy of all entries would be the most memory that is ever needed.
            entries.removeAll(where: \.isWithdrawn)
            return (entries, paths)
        }

        /// The job's last record so far says that there is no image.
        mutating func noteNoImage(of id: JobID) {
            if let position = positions[id] { entries[Int(position)].isWithdrawn = true }
        }

        /// The job's last record so far tells of this image.
        mutating func note(_ image: RecordedBytes, of id: JobID, line: Int, results: Int) {
            let entry = Entry(
                id: id, sha256: image.sha256, bytes: image.bytes, width: image.width, height: image.height,
                line: UInt32(clamping: line), path: number(ofPath: image.path, name: ImagePart.name(of: id)),
                results: UInt32(clamping: results), isIrregular: image.isIrregular)
            if let position = positions[id] {
                entries[Int(position)] = entry
            } else {
                positions[id] = UInt32(clamping: entries.count)
                entries.append(entry)
            }
        }

        private mutating func number(ofPath path: String, name: String) -> UInt32 {
            let isOwn = path.utf8.suffix(name.utf8.count).elementsEqual(name.utf8)
            let directory = String(decoding: path.utf8.dropLast(name.utf8.count), as: UTF8.self)
            let kept = isOwn && (directory.isEmpty || directory.hasSuffix("/")) ? directory : path
            if let number = pathNumbers[kept] { return number }
            let number = UInt32(clamping: paths.count)
            paths.append(kept)
            pathNumbers[kept] = number
            return number
        }
    }
}

/// What is recorded of one image, and where.
public struct RecordedImage: Sendable, Equatable {
    public let id: JobID
    /// As the record has it: relative to the directory in which the run was started, unless it is absolute.
    public let path: String
    public let bytes: Int
    public let width: Int
    public let height: Int
    /// 64 lower-case hexadecimal digits.
    public let sha256: String
    /// The record warns that the PNG breaks a rule that decoders forgive.
    public let isIrregular: Bool
    /// The results file, as it was named.
    public let results: String
    /// The record's line there, from 1.
    public let line: Int
}

/// Why results cannot be read back; a sentence that names the file.
public struct UnreadableResults: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
