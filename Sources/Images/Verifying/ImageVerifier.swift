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

    /// The first thing that is wrong with an image file; nil if nothing is. Blocks while the file is read.
    public func error(in image: RecordedImage) -> ImageError? {
        let path = path(of: image)
        do throws(ImageError) {
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
        directory.map { TypedPath.joined($0, image.name) } ?? image.path
    }

    private func open(_ path: String) throws(ImageError) -> Descriptor {
        do throws(SystemError) {
            if let file = try Descriptor.openImage(path) { return file }
        } catch let error where error.code == ENOENT || error.code == ENOTDIR {
            throw ImageError(.missing, "There is no such file.")
        } catch {
            throw .unreadable(error)
        }
        throw ImageError(.notAFile, "It is no regular file.")
    }

    /// Reads the whole file, whose size has to be the recorded one.
    private func audit(_ file: Descriptor, size: Int) throws(ImageError) -> ImageFindings {
        let actual: Int
        do {
            actual = Int(try file.status().st_size)
        } catch {
            throw .unreadable(error)
        }
        guard actual == size else { throw .size(actual, recorded: size) }
        var audit = ImageAudit(deep: isDeep)
        do {
            try file.readBlocks { audit.consume($0) }
        } catch {
            throw .unreadable(error)
        }
        return audit.finish()
    }

    /// The SHA-256 comes first: a file with another one is another file, whatever else is wrong with it.
    private func compare(_ findings: ImageFindings, with image: RecordedImage) throws(ImageError) {
        // The file may have been written to while it was read.
        guard findings.bytes == image.bytes else { throw .size(findings.bytes, recorded: image.bytes) }
        guard findings.sha256 == image.sha256 else {
            var message = "Its SHA-256 is \(findings.sha256); recorded is \(image.sha256)."
            if case .failure(let error) = findings.picture { message += " \(error)" }
            throw ImageError(.sha256Differs, message)
        }
        if let irregularity = findings.irregularity, !image.isIrregular {
            throw ImageError(.corruptPNG, "\(irregularity)")
        }
        switch findings.picture {
        case .success(let header) where header.width == image.width && header.height == image.height: return
        case .success(let header):
            throw ImageError(
                .dimensionsDiffer,
                "It is \(header.width)×\(header.height); recorded is \(image.width)×\(image.height).")
        case .failure(.structure(let error)): throw ImageError(.corruptPNG, "\(error)")
        case .failure(.pixels(let error)): throw ImageError(.pixelsCorrupt, "\(error)")
        }
    }
}

/// Why a kept image is not what its record says.
public struct ImageError: Error, Sendable, Equatable {
    /// What is wrong; the raw values are stable.
    public enum Code: String, Sendable, CaseIterable {
        case missing
        case unreadable
        /// A directory, a link, a FIFO or the like.
        case notAFile = "not_a_file"
        case sizeDiffers = "size_differs"
        case sha256Differs = "sha256_differs"
        /// The bytes are the recorded ones, but no sound PNG.
        case corruptPNG = "corrupt_png"
        case dimensionsDiffer = "dimensions_differ"
        /// The chunks are sound, but the pixels in them cannot be decoded.
        case pixelsCorrupt = "pixels_corrupt"
    }

    public let code: Code
    /// One sentence for a person.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func unreadable(_ error: SystemError) -> ImageError {
        ImageError(.unreadable, "It cannot be read: \(error).")
    }

    static func size(_ actual: Int, recorded: Int) -> ImageError {
        ImageError(.sizeDiffers, "It has \(actual) bytes; recorded are \(recorded).")
    }
}
