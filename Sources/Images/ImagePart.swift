import FetchCore
import Files
import Glibc
import ImageProof
import Synchronization

/// One image on its way to disk, under a name that no reader takes for an image.
final class ImagePart: PartFile {
    private enum Stage: Sendable {
        /// No byte has come, and nothing is on disk.
        case empty
        case open(TemporaryFile)
        /// Published or discarded: there is no temporary name any more.
        case ended
    }

    private struct State: Sendable {
        var stage = Stage.empty
        var prover = ImageProver()
        /// The first bytes, as many as a signature has.
        var beginning: [UInt8] = []
        /// Set once the bytes are known not to be a PNG.
        var other: OtherFile?
        /// After a write that failed, the bytes on disk are not the bytes that were proven.
        var writeFailure: JobFailure?
        /// Set once the bytes are known to be a whole image.
        var proven: ProvenPNG?
    }

    private let id: JobID
    private let place: ImagePlace
    /// The image's path, the output directory as it was typed.
    private let path: String
    private let images: ImageDirectory
    private let state = Mutex(State())

    init(of id: JobID, at place: ImagePlace, in images: ImageDirectory) {
        self.id = id
        self.place = place
        self.images = images
        path = TypedPath.joined(images.path, place.name?.text ?? Self.name(of: id))
    }

    deinit {
        discard()
    }

    func write(_ bytes: RawSpan) throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            guard state.other == nil else {
                try state.other?.consume(bytes)
                return
            }
            // Neither a user's program nor ``ImageVerifier`` could open the image by its path.
            guard path.utf8.count < Int(PATH_MAX) else {
                throw JobFailure(SystemError(ENAMETOOLONG), onTheWay: "The image's path would be too long")
            }
            do throws(PNGError) {
                // The proof goes before the write: bytes that are refused need not be written.
                try state.prover.consume(bytes)
            } catch  where error.kind == .notPNG {
                // No byte of it is kept on disk. Its first bytes may have come in an earlier piece.
                removeFile(&state.stage)
                var other = OtherFile()
                defer { state.other = other }
                try other.consume(state.beginning.span.bytes)
                try other.consume(bytes)
                return
            } catch {
                throw JobFailure(error)
            }
            guard bytes.byteCount > 0 else { return }
            if state.beginning.count < Self.signatureLength {
                let missing = Self.signatureLength - state.beginning.count
                bytes.withUnsafeBytes { state.beginning.append(contentsOf: $0.prefix(missing)) }
            }
            do throws(SystemError) {
                try openFile(&state.stage).descriptor.writeAll(bytes)
            } catch {
                let failure = JobFailure(error, "The image could not be written")
                state.writeFailure = failure
                throw failure
            }
        }
    }

    func prove() throws(JobFailure) -> ProvenImage {
        try state.withLock { (state) throws(JobFailure) in
            if let failure = state.writeFailure ?? state.other?.failure { throw failure }
            let proven: ProvenPNG
            do throws(PNGError) {
                proven = try state.prover.finish()
            } catch {
                throw JobFailure(error)
            }
            state.proven = proven
            return ProvenImage(
                path: path, name: place.name,
                bytes: proven.bytes, width: proven.header.width, height: proven.header.height, sha256: proven.sha256,
                irregularity: proven.irregularity?.description)
        }
    }

    func sync() throws(JobFailure) {
        guard images.durability == .full else { return }
        // The lock is not held meanwhile: fsync takes long, and nothing here changes.
        guard case .open(let file) = state.withLock({ $0.stage }) else { return }
        do {
            try file.descriptor.sync()
        } catch {
            throw JobFailure(error, "The image could not be synced")
        }
    }

    func publish() throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            guard case .open(let file) = state.stage, let proven = state.proven else {
                preconditionFailure("only an image that was written and proven is published")
            }
            if let name = place.name {
                try images.publish(file, proven, as: name, existing: place.existing)
            } else {
                try images.publish(file, as: Self.name(of: id))
            }
            state.stage = .ended
        }
    }

    func discard() {
        state.withLock { removeFile(&$0.stage) }
    }

    private func removeFile(_ stage: inout Stage) {
        if case .open(let file) = stage {
            // If it cannot be removed, the next run tries again.
            try? file.remove()
        }
        stage = .ended
    }

    /// A job's own name for its image: the id in lower case.
    static func name(of id: JobID) -> String { "\(id)\(suffix)" }

    /// Lends the same name to a system call, without making a string: a resumed run asks about a million files.
    static func withName<Result>(of id: JobID, _ body: (UnsafePointer<CChar>) -> Result) -> Result? {
        let ascii = id.ascii
        // The bytes that are left are zero, and the first of them ends the name.
        var name = InlineArray<48, CChar>(repeating: 0)
        for position in ascii.indices { name[position] = CChar(bitPattern: ascii[position]) }
        for position in 0..<suffix.utf8CodeUnitCount {
            name[ascii.count + position] = CChar(bitPattern: suffix.utf8Start[position])
        }
        return name.span.withUnsafeBufferPointer { $0.baseAddress.map(body) }
    }

    private static let suffix: StaticString = ".png"

    /// The length of the signature, by which a stream is known to be a PNG.
    private static let signatureLength = 8

    private func openFile(_ stage: inout Stage) throws(SystemError) -> TemporaryFile {
        switch stage {
        case .open(let file):
            return file
        case .empty:
            let file = try TemporaryFile(in: images.directory, mode: 0o666) {
                PartName(id: id, number: images.randomNumber()).text
            }
            stage = .open(file)
            return file
        case .ended:
            preconditionFailure("nothing is written to an image that was published or discarded")
        }
    }
}
