import FetchCore
public import Files
import Glibc

/// Where merged records go, or a page: standard output, or a file that appears under its name once it is whole.
public struct MergedOutput: ~Copyable {
    private let destination: Destination
    private let noun: String
    /// What is not written yet, in its first bytes.
    private var buffer = [UInt8](repeating: 0, count: blockSize)
    private var used = 0

    private enum Destination {
        /// Standard output, or what has no bytes of its own, such as a FIFO.
        case stream(Descriptor)
        case file(WholeFile)
    }

    /// Bytes that are written at once: a pipe takes 64 KiB, and a disk likes more.
    private static let blockSize = 256 << 10

    /// `-` is standard output. A regular file that exists is refused, or replaced in the end if `replacing`; a FIFO needs
    /// a reader already. `noun` is how a file is called in a sentence that goes on with its path.
    public init(_ path: String, noun: String = "the results file", replacing: Bool) throws(OutputError) {
        self.noun = path == "-" ? "standard output" : "\(noun) \(path)"
        let noun = self.noun
        let existing = path == "-" ? nil : try? stat(ofPath: path)
        if existing?.isRegularFile == true, !replacing { throw OutputError("\(noun) exists; --force replaces it") }
        destination = try ResultFile.refusing(noun) { () throws(SystemError) in
            if path == "-" { return .stream(try ResultFile.writableStandardOutput()) }
            guard existing?.isRegularFile ?? true else { return .stream(try ResultFile.openStream(path)) }
            return .file(try WholeFile(path, replacing: replacing))
        }
    }

    /// Writes a record that stands in one of the results files.
    mutating func append(_ record: MergedRecords.Recorded, from files: inout ResultsFiles) throws(MergeError) {
        let length = Int(record.length)
        try makeRoom(for: length + 1)
        let place = used..<used + length
        try buffer.withUnsafeMutableBufferPointer { (bytes) throws(MergeError) in
            try files.readText(of: record, into: UnsafeMutableBufferPointer(rebasing: bytes[place]))
        }
        buffer[used + length] = UInt8(ascii: "\n")
        used += length + 1
    }

    /// Writes a record's line, its newline included, or any part of a page.
    public mutating func append(_ bytes: [UInt8]) throws(MergeError) {
        try makeRoom(for: bytes.count)
        buffer.replaceSubrange(used..<used + bytes.count, with: bytes)
        used += bytes.count
    }

    /// Writes what is left, and gives a file its name. Under full durability both are on stable storage then. Blocks.
    public mutating func finish(durability: Durability) throws(MergeError) {
        try flush()
        guard case .file(let file) = destination else { return }
        do {
            try file.publish(durability: durability)
        } catch {
            throw lost(error)
        }
    }

    private mutating func makeRoom(for count: Int) throws(MergeError) {
        guard used + count > buffer.count else { return }
        try flush()
        if count > buffer.count { buffer += [UInt8](repeating: 0, count: count - buffer.count) }
    }

    private mutating func flush() throws(MergeError) {
        do {
            try descriptor.writeAll(buffer.span.extracting(..<used).bytes)
        } catch let error where error.code == EPIPE {
            throw .output(.resultsClosed)
        } catch {
            throw lost(error)
        }
        used = 0
    }

    private var descriptor: Descriptor {
        switch destination {
        case .stream(let descriptor): descriptor
        case .file(let file): file.descriptor
        }
    }

    private func lost(_ error: SystemError) -> MergeError {
        .output(.resultsNotWritten("\(noun) could not be written: \(error)"))
    }
}
