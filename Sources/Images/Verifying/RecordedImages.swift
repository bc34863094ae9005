public import FetchCore
import Files
import Glibc
import Records

/// What results files say of images: one image for each job whose last record is `downloaded`.
///
/// There may be a million, so each takes some 95 bytes: the id and the SHA-256 are numbers, and a directory is kept
/// once for all its images.
public struct RecordedImages: Sendable {
    private struct Entry: Sendable {
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
        /// How many names the end of the path has that is the image's name below the output directory.
        let depth: UInt16

        var withdrawn: Entry {
            var entry = self
            entry.isWithdrawn = true
            return entry
        }
    }

    private let results: [String]
    private var paths = RecordedPaths()
    private var records = LastRecords<Entry, Never>()
    /// The places, among all jobs, of the jobs that have an image.
    private var places: [UInt32] = []
    /// All recorded sizes together.
    public private(set) var totalBytes: Int64 = 0

    /// Reads results files in this order, each to its end; `-` is standard input. Of each job the last record counts.
    ///
    /// A torn last record, which a killed run leaves, is skipped. Anything else that is no record is an error.
    public init(reading results: [String]) throws(ResultsError) {
        self.results = results
        for (number, path) in results.enumerated() {
            do throws(RecordLinesError) {
                let file = try Self.open(path)
                _ = try RecordLines.read(file) { record, line, reader, text in
                    note(record, reader.image(in: text), line: line, results: number)
                }
            } catch {
                let noun = path == "-" ? "the results on standard input" : "the results file \(path)"
                throw ResultsError("\(noun) cannot be read: \(error)")
            }
        }
        for place in 0..<records.jobCount {
            let image = records[place: place].kept
            guard !image.isWithdrawn else { continue }
            places.append(UInt32(clamping: place))
            totalBytes += Int64(image.bytes)
        }
    }

    /// Takes in a record; false if it tells of an image, but not all of it.
    private mutating func note(_ record: PastRecord, _ image: RecordedBytes?, line: Int, results: Int) -> Bool {
        guard case .job(let id, .downloaded) = record.end else {
            records.note(record, job: { _, before in before?.withdrawn }, line: { _, _ in nil })
            return true
        }
        guard let image else { return false }
        let entry = Entry(
            sha256: image.sha256, bytes: image.bytes, width: image.width, height: image.height,
            line: UInt32(clamping: line), path: paths.number(of: image.path, name: ImagePart.name(of: id)),
            results: UInt32(clamping: results), isIrregular: image.isIrregular,
            depth: UInt16(clamping: image.name?.components.count ?? 1))
        records.note(record, job: { _, _ in entry }, line: { _, _ in nil })
        return true
    }

    /// How many images there are.
    public var count: Int { places.count }

    /// What is recorded of an image, in the order in which the records first name its job.
    public subscript(position: Int) -> RecordedImage {
        let (id, entry) = records[place: Int(places[position])]
        return RecordedImage(
            id: id, path: paths.path(entry.path, name: ImagePart.name(of: id)), bytes: entry.bytes,
            width: Int(entry.width), height: Int(entry.height), sha256: entry.sha256.hex,
            isIrregular: entry.isIrregular, results: results[Int(entry.results)], line: Int(entry.line),
            depth: Int(entry.depth))
    }

    private static func open(_ path: String) throws(RecordLinesError) -> Descriptor {
        do {
            return try path == "-" ? Descriptor.copy(of: STDIN_FILENO) : Descriptor.open(path, O_RDONLY | O_NOCTTY)
        } catch {
            throw .notReadable(error)
        }
    }
}

/// The paths of images, as numbers: a directory is kept once for all images in it that have their job's own name.
private struct RecordedPaths: Sendable {
    private var kept: [String] = []
    private var numbers: [ExactText: UInt32] = [:]

    mutating func number(of path: String, name: String) -> UInt32 {
        let part = TypedPath.directory(of: path, holding: name) ?? path
        if let number = numbers[ExactText(part)] { return number }
        let number = UInt32(clamping: kept.count)
        kept.append(part)
        numbers[ExactText(part)] = number
        return number
    }

    func path(_ number: UInt32, name: String) -> String {
        let part = kept[Int(number)]
        // A directory ends in a slash, or is empty, and no file's path does or is.
        return part.isEmpty || part.utf8.last == UInt8(ascii: "/") ? part + name : part
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
    /// How many names the end of the path has that is the image's name below the output directory.
    let depth: Int

    /// The image's name below the output directory.
    var name: String { TypedPath.lastNames(depth, of: path) }
}

/// Why results cannot be read back; a sentence that names the file.
public struct ResultsError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
