import FetchCore
import Files
import Glibc
import ImageProof

/// How a proven image gets its name.
extension ImageDirectory {
    /// Gives the image a name in the output directory itself, and replaces what has it.
    func publish(_ file: TemporaryFile, as name: String) throws(JobFailure) {
        do {
            try file.rename(to: name)
        } catch {
            throw JobFailure(error, "The image could not be renamed to \(name)")
        }
        folders.noteNameInRoot()
    }

    /// Gives the image a name below the output directory.
    ///
    /// Unless it replaces what has the name, a file there stays: it is taken for the image if it is the same.
    func publish(
        _ file: TemporaryFile, _ image: ProvenPNG, as name: ImageName, replacing: Bool
    ) throws(JobFailure) {
        var names = name.components
        let last = names.removeLast()
        for attempt in 1... {
            let folder = try folders.open(names)
            do throws(SystemError) {
                if replacing {
                    try file.rename(to: last, in: folder)
                } else {
                    try file.renameToFreeName(last, in: folder)
                }
            } catch let error where error.code == ENOENT && attempt < Self.attempts {
                // The directory was removed after it was opened, or the file in the way after it was found there.
                continue
            } catch let error where error.code == EEXIST && !replacing {
                switch try takeOver(last, in: folder, image, name) {
                case .gone where attempt < Self.attempts: continue
                case .gone, .other:
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

    /// How often a name is tried while somebody removes what is there.
    private static let attempts = 3

    private enum Found {
        case same, other, gone
    }

    /// Compares what has the name with the image, and makes it durable if it is the same: a run that was killed may have
    /// come to rename it, and no further.
    private func takeOver(
        _ file: String, in folder: Descriptor, _ image: ProvenPNG, _ name: ImageName
    ) throws(JobFailure) -> Found {
        do throws(SystemError) {
            guard let file = try Descriptor.openImage(file, in: folder) else { return .other }
            guard try file.status().st_size == image.bytes else { return .other }
            var sum = ContentSum()
            try file.readBlocks { sum.consume($0) }
            guard sum.byteCount == image.bytes, sum.sha256 == image.sha256 else { return .other }
            if durability == .full { try file.sync() }
            return .same
        } catch let error where error.code == ENOENT {
            return .gone
        } catch {
            throw JobFailure(error, onTheWay: "The file \(name.shown) could not be compared with the job's image")
        }
    }
}
