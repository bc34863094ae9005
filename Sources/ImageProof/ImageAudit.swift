/// Checks the file of a kept image in one pass: counts and hashes its bytes, and checks that they are a whole PNG. A
/// deep audit also checks that the pixels can be decoded.
///
/// Unlike ``ImageProver`` it goes on after an error, so that the SHA-256 is always that of all bytes. Bytes come in
/// pieces of any size; memory is constant.
public struct ImageAudit: ~Copyable {
    private var scanner = PNGScanner()
    private var sum = ContentSum()
    private let isDeep: Bool
    /// From the first byte of image data on, if the audit is deep.
    private var pixels: PixelStream?

    /// An audit at the start of a file; a deep one inflates all pixels.
    public init(deep: Bool) {
        isDeep = deep
    }

    /// Reads the next piece of the file, of any size, zero included.
    public mutating func consume(_ bytes: RawSpan) {
        sum.consume(bytes)
        do throws(PNGError) {
            guard isDeep else { return try scanner.consume(bytes) }
            try scanner.consume(bytes) { header, data in
                if pixels == nil { pixels = PixelStream(header) }
                pixels?.consume(data)
            }
        } catch {
            // The scanner keeps its error and throws it again at the end.
            return
        }
    }

    /// Ends the file and returns what was found.
    public consuming func finish() -> ImageFindings {
        let png: ScannedPNG
        do throws(PNGError) {
            png = try scanner.finish()
        } catch {
            return ImageFindings(sum, .failure(.structure(error)))
        }
        if let pixels = pixels.take(), let error = pixels.finish() {
            return ImageFindings(sum, .failure(.pixels(error)), irregularity: png.irregularity)
        }
        return ImageFindings(sum, .success(png.header), irregularity: png.irregularity)
    }
}

/// What an ``ImageAudit`` found.
public struct ImageFindings: Sendable, Equatable {
    /// What is wrong with the picture itself.
    public enum PictureError: Error, Sendable, Equatable {
        /// The chunks are not those of a PNG.
        case structure(PNGError)
        /// The chunks are sound, but the pixels in them are not.
        case pixels(PixelError)
    }

    /// The size of the file, in bytes.
    public let bytes: Int
    /// The SHA-256 of these bytes, as 64 lower-case hexadecimal digits.
    public let sha256: String
    /// What the image says about itself, or why it is not sound.
    public let picture: Result<PNGHeader, PictureError>
    /// The first rule of PNG that it breaks and that decoders forgive; nil if it breaks none.
    public let irregularity: PNGError?

    init(_ sum: ContentSum, _ picture: Result<PNGHeader, PictureError>, irregularity: PNGError? = nil) {
        bytes = sum.byteCount
        sha256 = sum.sha256
        self.picture = picture
        self.irregularity = irregularity
    }
}

extension ImageFindings.PictureError: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .structure(let error): error.description
        case .pixels(let error): error.description
        }
    }
}
