import Files

/// Why a kept image is not what its record says.
public struct ImageFault: Error, Sendable, Equatable {
    /// What is wrong; the raw values are stable.
    public enum Code: String, Sendable, CaseIterable {
        case missing
        case unreadable
        /// A directory, a link, a FIFO or the like.
        case notAFile = "not_a_file"
        case sizeDiffers = "size_differs"
        case sha256Differs = "sha256_differs"
        /// The bytes are the recorded ones and yet no sound PNG.
        case corruptPNG = "corrupt_png"
        case dimensionsDiffer = "dimensions_differ"
        /// The chunks are sound, and the pixels in them cannot be had.
        case pixelsCorrupt = "pixels_corrupt"
    }

    public let code: Code
    /// One sentence for a person.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func unreadable(_ error: SystemError) -> ImageFault {
        ImageFault(.unreadable, "It cannot be read: \(error).")
    }

    static func size(_ actual: Int, recorded: Int) -> ImageFault {
        ImageFault(.sizeDiffers, "It has \(actual) bytes; recorded are \(recorded).")
    }
}
