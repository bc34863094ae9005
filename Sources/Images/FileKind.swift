import Files

/// A kind of file that may come in place of a PNG.
enum FileKind: Sendable, Equatable {
    // Images.
    case jpeg, webP, gif, avif, heic, bmp, tiff, jpegXL, svg
    // Videos, which other jobs make.
    case mp4, quickTime, webM, avi
    /// A PNG whose first bytes were changed on the way, for example by a transfer in text mode.
    case damagedPNG
    case compressed(CompressionFormat)
    case pdf, html, json, xml, text
    /// None of these.
    case unknown

    /// What the kind means for a job.
    enum Family: Equatable {
        case image, video, other
    }

    var family: Family {
        switch self {
        case .jpeg, .webP, .gif, .avif, .heic, .bmp, .tiff, .jpegXL, .svg: .image
        case .mp4, .quickTime, .webM, .avi: .video
        case .damagedPNG, .compressed, .pdf, .html, .json, .xml, .text, .unknown: .other
        }
    }

    /// What came, for a person.
    var sentence: String {
        switch self {
        case .damagedPNG:
            "What came begins like a PNG whose first bytes were changed on the way, as by a transfer of text."
        case .unknown: "What came is not a PNG, nor any other kind of file that is known here."
        default: "What came is \(noun), not a PNG."
        }
    }

    private var noun: String {
        switch self {
        case .jpeg: "a JPEG"
        case .webP: "a WebP image"
        case .gif: "a GIF"
        case .avif: "an AVIF image"
        case .heic: "a HEIC image"
        case .bmp: "a BMP image"
        case .tiff: "a TIFF"
        case .jpegXL: "a JPEG XL image"
        case .svg: "an SVG image"
        case .mp4: "an MP4 video"
        case .quickTime: "a QuickTime video"
        case .webM: "a WebM video"
        case .avi: "an AVI video"
        case .compressed(let format): format.noun
        case .pdf: "a PDF"
        case .html: "an HTML page"
        case .json: "JSON"
        case .xml: "XML"
        case .text: "plain text"
        case .damagedPNG, .unknown: "something else"
        }
    }
}
