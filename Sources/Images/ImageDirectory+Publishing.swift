import FetchCore
import Files
import Glibc
import ImageProof

/// How a proven image gets its name.
extension ImageDirectory {
    /// Gives the image a name in the output directory itself, and replaces what has it.
    func publish(_ file: TemporaryFile, as name: String) throws(JobFailure) {
        try refuseReserved(name, in: directory)
        do {
            try file.rename(to: name)
        } catch {
            throw JobFailure(error, "The image could not be renamed to \(name)")
        }
        folders.noteNameInRoot()
    }

    /// Gives the image a name below the output directory.
    ///
    /// A file that has the name may stay: it is taken for the image if it is the same.
    func publish(
        _ file: TemporaryFile, _ image: ProvenPNG, as name: ImageName, existing: ImagePlace.ExistingFile
    ) throws(JobFailure) {
        var names = name.components
        let last = names.removeLast()
        var (replaces, recorded) = (false, nil as ImageMark?)
        switch existing {
        case .replaced: replaces = true
        case .kept(let mark): recorded = mark
        }
        for attempt in 1... {
            let folder = try folders.open(names)
            try refuseReserved(last, in: folder)
            do throws(SystemError) {
                if replaces {
                    try file.rename(to: last, in: folder)
                } else {
                    try file.renameToFreeName(last, in: folder)
                }
            } catch let error where error.code == ENOENT && attempt < Self.attempts {
                // The directory was removed after it was opened, or the file in the way after it was found there.
                continue
            } catch let error where error.code == EEXIST && !replaces {
                switch try compare(last, in: folder, with: file, image, name, recorded) {
                case .gone where attempt < Self.attempts: continue
                case .replaceable where attempt < Self.attempts:
                    replaces = true
                    continue
                case .gone, .replaceable, .other:
                    throw JobFailure(
                        .nameTaken, at: .store,
                        "Another file has the name \(name.shown), and it is not the same as the job's image.")
                case .same: try? file.remove()
                }
            } catch {
                throw JobFailure(error, onTheWay: "The image could not be renamed to \(name.shown)")
            }
            return try folders.noteName(in: folder)
        }
    }

    /// Fails if the run itself writes a file of this name in the directory, which need not be there yet.
    private func refuseReserved(_ name: String, in folder: Descriptor) throws(JobFailure) {
        for path in reserved where TypedPath.lastName(of: path).utf8.elementsEqual(name.utf8) {
            // Where either cannot be looked at, what writes there says so.
            guard let place = try? stat(ofPath: TypedPath.parent(of: path)), let own = try? folder.status(),
                place.st_dev == own.st_dev && place.st_ino == own.st_ino
            else { continue }
            throw JobFailure(
                .nameTaken, at: .store, "The image's name is that of \(path), which the run itself writes.")
        }
    }

    /// How often a name is tried while somebody removes what is there.
    private static let attempts = 3

    private enum Found {
        case same, replaceable, other, gone
    }

    /// Compares what has the name with the image, and makes it durable if it is the same: a run that was killed may have
    /// come to rename it, and no further.
    private func compare(
        _ existing: String, in folder: Descriptor, with file: TemporaryFile, _ image: ProvenPNG, _ name: ImageName,
        _ recorded: ImageMark?
    ) throws(JobFailure) -> Found {
        do throws(SystemError) {
            guard let existing = try Descriptor.openImage(existing, in: folder) else { return .other }
            let bytes = Int(try existing.status().st_size)
            // Of any other size it is neither image, nor is it a part of one.
            guard bytes == image.bytes || bytes == recorded?.bytes || (recorded != nil && bytes < image.bytes) else {
                return .other
            }
            let sum = try ContentSum(of: existing).sha256
            if sum == image.sha256 {
                if durability == .full { try existing.sync() }
                return .same
            }
            guard let recorded else { return .other }
            if ImageMark(bytes: bytes, sha256: sum) == recorded { return .replaceable }
            guard bytes < image.bytes, let part = try Descriptor.openImage(file.name, in: directory) else {
                return .other
            }
            return try sum == ContentSum(of: part, first: bytes).sha256 ? .replaceable : .other
        } catch let error where error.code == ENOENT {
            return .gone
        } catch {
            throw JobFailure(error, onTheWay: "The file \(name.shown) could not be compared with the job's image")
        }
    }
}

extension ContentSum {
    /// The sum of a file, or of its first bytes.
    fileprivate init(of file: Descriptor, first count: Int = .max) throws(SystemError) {
        var sum = ContentSum()
        try file.readBlocks { sum.consume($0.extracting(first: count - sum.byteCount)) }
        self = sum
    }
}
