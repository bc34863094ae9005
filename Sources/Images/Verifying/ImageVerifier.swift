import Files
import Glibc
import ImageProof

/// Compares image files with what is recorded of them.
public struct ImageVerifier: Sendable {
    /// Where the images lie now; nil for where the records say.
    private let directory: String?
    private let isDeep: Bool

    /// A verifier that inflates all pixels too if it is `deep`.
    public init(directory: String? = nil, deep: Bool) {
        self.directory = directory
        isDeep = deep
    }

    /// What is wrong with an image file, the plainest first; nil if nothing is. Blocks while the file is read.
    public func fault(of image: RecordedImage) -> ImageFault? {
        let path = path(of: image)
        do throws(ImageFault) {
            let file = try open(path)
            let findings = try audit(file, size: image.bytes)
            try compare(findings, with: image)
            return nil
        } catch {
            return error
        }
    }

    /// Where the image is looked for.
    public func path(of image: RecordedImage) -> String {
        directory.map { TypedPath.joined($0, TypedPath.lastName(of: image.path)) } ?? image.path
    }

    /// Opens a regular file, and nothing else: a FIFO would wait for its writer, and a link is no image of ours,
    /// wherever it leads.
    private func open(_ path: String) throws(ImageFault) -> Descriptor {
        do throws(SystemError) {
            // Looked at before it is opened, for to open a device may set it going, and after, for it may have changed.
            var status = stat()
            try Descriptor.retrying { fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) }
            if status.isRegularFile {
                let file = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
                if try file.status().isRegularFile { return file }
            }
        } catch let error where error.code == ENOENT || error.code == ENOTDIR {
            throw ImageFault(.missing, "There is no such file.")
        } catch {
            throw .unreadable(error)
        }
        throw ImageFault(.notAFile, "It is no regular file.")
    }

    /// Reads the whole file, whose size has to be the recorded one.
    private func audit(_ file: Descriptor, size: Int) throws(ImageFault) -> ImageFindings {
        let actual: Int
        do {
            actual = Int(try file.status().st_size)
        } catch {
            throw .unreadable(error)
        }
        guard actual == size else { throw .size(actual, recorded: size) }
        // The system then reads further ahead; whether it takes the advice changes nothing.
        _ = posix_fadvise(file.number, 0, 0, POSIX_FADV_SEQUENTIAL)
        var audit = ImageAudit(deep: isDeep)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 4096)
        defer { block.deallocate() }
        while true {
            let count: Int
            do {
                count = try file.read(into: block) ?? 0
            } catch {
                throw .unreadable(error)
            }
            guard count > 0 else { return audit.finish() }
            audit.consume(UnsafeRawBufferPointer(rebasing: block[..<count]).bytes)
        }
    }

    /// The plainest fault first: what has another SHA-256 is another file, whatever else is wrong with it.
    private func compare(_ findings: ImageFindings, with image: RecordedImage) throws(ImageFault) {
        // The file may have been written to while it was read.
        guard findings.bytes == image.bytes else { throw .size(findings.bytes, recorded: image.bytes) }
        guard findings.sha256 == image.sha256 else {
            var message = "Its SHA-256 is \(findings.sha256); recorded is \(image.sha256)."
            if case .failure(let fault) = findings.picture { message += " \(fault)" }
            throw ImageFault(.sha256Differs, message)
        }
        if let irregularity = findings.irregularity, !image.isIrregular {
            throw ImageFault(.corruptPNG, "\(irregularity)")
        }
        switch findings.picture {
        case .success(let header) where header.width == image.width && header.height == image.height: return
        case .success(let header):
            throw ImageFault(
                .dimensionsDiffer,
                "It is \(header.width)×\(header.height); recorded is \(image.width)×\(image.height).")
        case .failure(.structure(let fault)): throw ImageFault(.corruptPNG, "\(fault)")
        case .failure(.pixels(let fault)): throw ImageFault(.pixelsCorrupt, "\(fault)")
        }
    }

    /// As much as is read at once: enough for a disk to work at its best.
    private static let blockSize = 512 << 10
}
