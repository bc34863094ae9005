import Files
import Glibc

/// The results files of a merge: read once from end to end, and then record by record in another order.
///
/// What is no regular file, such as a pipe, is kept in a file without a name meanwhile. No more than some of the files are
/// open at a time, however many there are.
struct ResultsFiles: ~Copyable {
    /// As they were named, `-` for standard input.
    let paths: [String]
    private let temporaryDirectory: String
    private var open: [Int: OpenFile] = [:]
    /// What the files were when they were read, so that another one that has the name now is not taken for it.
    private var identities: [Int: stat] = [:]

    private struct OpenFile {
        let file: Descriptor
        /// It has no name, or standard input's, so it cannot be opened again.
        let isKept: Bool
    }

    /// Most files that are open at a time besides those without a name.
    private let mostOpen: Int

    init(_ paths: [String], temporaryDirectory: String, mostOpen: Int) {
        self.paths = paths
        self.temporaryDirectory = temporaryDirectory
        self.mostOpen = max(1, mostOpen)
    }

    /// Opens a file to be read from its beginning.
    mutating func start(_ number: Int) throws(ResultsFileError) -> Descriptor {
        makeRoom()
        let (file, status) = try opened(paths[number])
        guard paths[number] == "-" || !status.isRegularFile else {
            identities[number] = status
            open[number] = OpenFile(file: file, isKept: false)
            return file
        }
        do throws(SystemError) {
            let copy = try Descriptor.unnamedCopy(of: file, in: temporaryDirectory)
            open[number] = OpenFile(file: copy, isKept: true)
            return copy
        } catch {
            throw .notKept(error, directory: temporaryDirectory)
        }
    }

    private func opened(_ path: String) throws(ResultsFileError) -> (Descriptor, stat) {
        do throws(SystemError) {
            let file = try path == "-" ? Descriptor.copy(of: STDIN_FILENO) : Descriptor.open(path, O_RDONLY | O_NOCTTY)
            let status = try file.status()
            guard !status.isDirectory else { throw SystemError(EISDIR) }
            return (file, status)
        } catch {
            throw .notOpened(error)
        }
    }

    /// Reads a record that was found before.
    mutating func read(_ number: Int, at offset: Int, into space: UnsafeMutableRawBufferPointer) throws(SystemError) {
        let file = try reopened(number)
        var (rest, offset) = (space, offset)
        while !rest.isEmpty {
            let count = try Descriptor.retrying { pread(file.number, rest.baseAddress, rest.count, off_t(offset)) }
            // Somebody has cut the file short.
            guard count > 0 else { throw SystemError(ESTALE) }
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
            offset += count
        }
    }

    /// Reads the text of a record that was found before; the space is of its length.
    mutating func readText(
        of record: MergedRecords.Recorded, into space: UnsafeMutableBufferPointer<UInt8>
    ) throws(MergeError) {
        do {
            try read(Int(record.file), at: record.offset, into: UnsafeMutableRawBufferPointer(space))
        } catch {
            throw .resultsChanged("\(noun(of: record)) is not what it was when it was read: \(error)")
        }
        // Whatever was written over it, it is most likely no object.
        guard space.first(where: Self.isNoSpace) == UInt8(ascii: "{"),
            space.last(where: Self.isNoSpace) == UInt8(ascii: "}")
        else {
            throw .resultsChanged("\(noun(of: record)) was written over while it was read")
        }
    }

    /// Around a record there may be what JSON calls white space.
    private static func isNoSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): false
        default: true
        }
    }

    private func noun(of record: MergedRecords.Recorded) -> String { ResultsMerge.noun(paths[Int(record.file)]) }

    private mutating func reopened(_ number: Int) throws(SystemError) -> Descriptor {
        if let known = open[number] { return known.file }
        makeRoom()
        let file = try Descriptor.open(paths[number], O_RDONLY | O_NOCTTY)
        guard let identity = identities[number], try file.status().isSameFile(as: identity) else {
            throw SystemError(ESTALE)
        }
        open[number] = OpenFile(file: file, isKept: false)
        return file
    }

    /// Closes a file that can be opened again, if as many are open as may be.
    private mutating func makeRoom() {
        guard open.count >= mostOpen, let other = open.first(where: { !$0.value.isKept })?.key else { return }
        open[other] = nil
    }
}

/// Why a results file is not read at all.
enum ResultsFileError: Error, CustomStringConvertible {
    case notOpened(SystemError)
    /// What came through a pipe found no place.
    case notKept(SystemError, directory: String)

    /// The end of a sentence for a person, which names the file.
    var description: String {
        switch self {
        case .notOpened(let error): "cannot be read: \(error)"
        case .notKept(let error, let directory): "cannot be kept in \(directory) (TMPDIR) while it is merged: \(error)"
        }
    }
}

extension Descriptor {
    /// Copies what can be read from a file to a new one that has no name, and that is read from its beginning.
    fileprivate static func unnamedCopy(of source: Descriptor, in directory: String) throws(SystemError) -> Descriptor {
        let copy = try unnamed(in: directory)
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try block.withUnsafeMutableBufferPointer { (space) throws(SystemError) in
                try source.read(into: UnsafeMutableRawBufferPointer(space))
            }
            switch count {
            case nil: try source.waitForBytes()
            case 0?:
                try retrying { lseek(copy.number, 0, SEEK_SET) }
                return copy
            case let count?: try copy.writeAll(block.span.extracting(..<count).bytes)
            }
        }
    }

    /// A new file that loses its name at once, so that it is gone with its last owner.
    private static func unnamed(in directory: String) throws(SystemError) -> Descriptor {
        let name = ".pictory-fetch-" + String(UInt64.random(in: .min ... .max), radix: 16)
        let path = TypedPath.joined(directory, name)
        let file = try open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        try retrying { unlink(path) }
        return file
    }
}
